/** Words of accounts, holdings, transactions and identities. */
export default {
  held: {
    accounts: '账户', accountsHint: '余额已隐藏，查看需填写理由并留痕', holdings: '持有产品', transactions: '账户交易', transactionsHint: '按时间倒序，金额已隐藏', none: '没有账户或产品', noneHint: '从“导入”带入账户与持有产品，或等待每日文件。', noTransactions: '没有账户交易', noTransactionsHint: '导入交易流水后，按日期显示在这里。',
    number: '账号', kind: '类型', unit: '开户机构', own: '客户所属机构', opened: '开户', balance: '余额', product: '产品', amount: '金额', started: '起息', matures: '到期', on: '日期', account: '账户', what: '摘要', counterparty: '对手方', standing: '状态', days: '{{days}} 天后到期', today: '今天到期', past: '已到期', hidden: '金额已隐藏', deposit: '存款', more: '更早的交易',
    kinds: { current: '活期账户', savings: '储蓄账户', term_deposit: '定期存款', credit_card: '信用卡', loan: '贷款', wealth: '理财', fund: '基金', insurance: '保险', bond: '国债', metal: '贵金属', other: '其他' },
    standings: { open: '正常', dormant: '睡眠', frozen: '冻结', closed: '已结清' }, sum: '{{accounts}} 个账户，{{products}} 件产品',
  },
  identity: {
    title: '身份与证据', hint: '这位客户由什么识别，来自哪里', since: '自 {{day}}', events: '事件', unknown: '未注明来源', under: '归并自 #{{seq}}', kinds: { customer_no: '客户号', id_document: '证件', phone: '手机', app_user: 'App 用户', device: '设备' },
    strengths: { strong: '强', medium: '中', weak: '弱' }, strengthHint: { strong: '唯一指向一个人', medium: '通常指向一个人', weak: '可能多人共用' },
    merge: '合并客户', mergeHint: '另一个客户号的权益、授权和事件将并入本页；授权以更严格者为准。由另一人复核后生效，可以拆分。', other: '另一位客户', otherHint: '完整客户号、手机号或证件号', notFound: '没有找到另一位客户', several: '找到多位，请用客户号', reason: '理由', reasonHint: '不要写客户姓名', reasonNeeded: '请写明原因，至少 2 个字', ask: '提交复核', asked: '已提交复核，由另一人决定', found: '将归并：{{name}}，客户号 {{no}}',
    part: '拆分', partHint: '归并关系关闭，两个客户恢复为各自独立；合并时带来的拒绝一并取消。', joined: '已归并的客户', leadsTo: '此客户已归并至 #{{seq}}', waiting: '有一项合并或拆分等待复核', open: '打开',
    matches: '疑似重复', matchesHint: '由人决定：合并，或标为两个人', whys: { same_document: '同一证件', same_phone_and_name: '同手机同姓名', same_phone: '同手机不同人' }, apart: '是两个人', apartDone: '不再提示这一对', join: '合并', first: '保留', second: '归并', why: '依据', none: '没有疑似重复', noneHint: '导入客户后，按证件与手机自动比对。',
  },
}
