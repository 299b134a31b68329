/** Words of accounts, holdings, transactions and identities. */
export default {
  held: {
    accounts: '账户', accountsHint: '余额已隐藏，查看需填写理由并留痕', holdings: '持有产品', transactions: '账户交易', transactionsHint: '按时间倒序，金额已隐藏', noAccounts: '没有账户', noHoldings: '没有持有产品', noneHint: '从“导入”带入账户与持有产品，或等待每日文件。', noTransactions: '没有账户交易', noTransactionsHint: '导入交易流水后，按日期显示在这里。',
    number: '账号', kind: '类型', unit: '开户机构', own: '客户所属机构', opened: '开户', balance: '余额', product: '产品', amount: '金额', started: '起息', matures: '到期', on: '日期', account: '账户', what: '摘要', counterparty: '对手方', standing: '状态', days: '{{days}} 天后到期', today: '今天到期', past: '已到期', hidden: '金额已隐藏', deposit: '存款', more: '更早的交易',
    kinds: { current: '活期账户', savings: '储蓄账户', term_deposit: '定期存款', credit_card: '信用卡', loan: '贷款', wealth: '理财', fund: '基金', insurance: '保险', bond: '国债', metal: '贵金属', other: '其他' },
    standings: { open: '正常', dormant: '睡眠', frozen: '冻结', closed: '已结清' }, sum: '{{accounts}} 个账户，{{products}} 件产品',
  },
  identity: {
    title: '身份与证据', hint: '这位客户由什么识别，来自哪里', since: '自 {{day}}', events: '事件', unknown: '未注明来源', under: '归并自 #{{seq}}', kinds: { customer_no: '客户号', id_document: '证件', phone: '手机', app_user: 'App 用户', device: '设备' },
    strengths: { strong: '强', medium: '中', weak: '弱' }, strengthHint: { strong: '唯一指向一个人', medium: '通常指向一个人', weak: '可能多人共用' },
    merge: '合并客户', mergeHint: '另一个客户号的权益、授权和事件将并入本页；授权以更严格者为准。由另一人复核后生效，可以拆分。', other: '另一位客户', otherHint: '完整客户号、手机号或证件号', notFound: '没有找到另一位客户', several: '找到多位，请用客户号', reason: '理由', reasonHint: '不要写客户姓名', reasonNeeded: '请写明原因，至少 2 个字', ask: '提交复核', asked: '已提交复核，由另一人决定', found: '将归并：{{name}}，客户号 {{no}}',
    part: '拆分', partHint: '归并关系关闭，两个客户恢复为各自独立；合并时带来的拒绝一并取消。', joined: '已归并的客户', leadsTo: '此客户已归并至 #{{seq}}', waiting: '有一项合并或拆分等待复核', open: '打开',
    everyRule: '全部待判断', matches: '疑似重复', matchesHint: '由人决定：合并，或标为两个人', apart: '是两个人', apartDone: '不再提示这一对', join: '合并', first: '保留', second: '归并', why: '依据', none: '没有疑似重复', noneHint: '导入客户后，按证件与手机自动比对。',
  },
  sealed: {
    title: '密封值分档', hint: '余额等敏感值以客户各自的密钥加密保存，规则只能看到值所在的分档', name: '属性', type: '类型', bands: '分界点', noBands: '尚未申明', state: '状态', declare: '申明分档', change: '调整分档', waiting: '等待复核', usable: '规则可用分档', closed: '规则不可用',
    types: { text: '文本', integer: '整数', decimal: '金额', date: '日期', boolean: '是否' }, none: '没有密封值', noneHint: '文件带入 C2 级属性后，显示在这里。', requests: '申请记录', by: '申请人',
    ask: '“{{name}}”的分档', askHint: '规则只能在这些分界点上比较。分界点越少越好：知道分界点的人会知道客户所在的分档。由另一人复核后生效，届时重新密封，客户的值不变。', edges: '分界点', edgesHint: '数字，最多 20 个，如 10000、50000、200000；每输入一个按回车', edgesDate: '日期，最多 20 个，如 2026-03-31；每输入一个按回车', lead: '为“{{name}}”申明分档',
  },
}
