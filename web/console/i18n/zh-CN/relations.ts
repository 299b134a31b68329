/** Words of relations: who is around a customer, leads, invitations, rings of abuse, identity rules. */
export default {
  around: {
    title: '关系网', hint: '两层以内', none: '还没有已知的关系', noneHint: '推荐、代发与家庭等关系由文件或事件带来。',
    picture: '关系图：周围 {{count}} 个节点，用方向键移动', list: '以列表查看 {{count}} 条关系', elsewhere: '其他机构的客户', sharedBy: '{{count}} 位客户共用', ties: '{{count}} 条关系（{{kinds}}）', more: '仅显示最强的关系',
    kinds: { referral: '推荐', payroll: '代发', household: '家庭', transfer: '转账', device: '设备' },
    hubs: { payroll: '单位', device: '共用设备', transfer: '行外账户', referral: '推荐', household: '家庭' },
    purposes: { fraud: '用途：风险核查', marketing: '用途：客户经营' },
    purposeHint: { fraud: '风险专员为防范套利可查看全部关系，不得用于营销', marketing: '经营只看推荐与代发；其余须双方同意' },
    closed: '{{kinds}}：仅用于风险核查', closedHint: '转账、家庭与设备关系只服务于防范欺诈；用于经营须双方客户单独同意',
  },
  leads: {
    ownMeta: '与您的温热客户同一单位代发、可营销的名下客户', ownNoneHint: '单位里至少有 3 位您名下的温热客户时，其余同事会列在这里。',
    meta: '与好客户同一单位代发、可营销、未被排除的客户', search: '单位名称', good: '选择“好客户”客群', goodIs: '好客户：{{name}}', noSegments: '还没有客群', sort: '排序', sorts: { good: '好同事最多', share: '好同事占比', employer: '按单位' },
    who: '客户', employer: '代发单位', why: '理由', because: '同单位 {{staff}} 位客户中 {{good}} 位是好客户', share: '占比', goodCount: '好客户', staffCount: '同单位客户', unit: '机构', none: '没有线索', noneHint: '先选一个“好客户”客群；单位里至少有 3 位好客户时，其余同事会列在这里。',
  },
  cascade: {
    meta: '谁的推荐带来最多客户', who: '推荐人', size: '带来客户', direct: '直接推荐', depth: '层数', generations: '{{count}} 层', none: '还没有推荐关系', noneHint: '导入推荐关系后，每晚汇总。',
    readAt: '读取于 {{at}}', unread: '关系每晚读取一次，还没有读过。', invited: '被推荐的客户', byInviters: '{{count}} 位推荐人，最深 {{depth}} 层', edges: '关系', groups: '共用设备的人群', groupOf: '{{size}} 人 {{count}} 组',
    of: '{{name}}的推荐链', ofMeta: '实时；只计第一位推荐人', customer: '客户页', nobody: '没有因此而来的客户', byGeneration: '逐层人数', generation: '第 {{count}} 层', tree: '推荐树', more: '只显示前 2,000 人', brought: '推荐 {{count}} 人',
  },
  rings: {
    meta: '共用设备、除领取权益外几乎没有活动的账户；由人判断', score: '可疑度', scoreHint: '0–100，越高越确定', members: '成员', reasons: '依据', state: '结论', found: '发现时间', note: '理由',
    accounts: '{{shown}} 个账户', organiser: '邀请人', none: '没有可疑团伙', noneHint: '每晚读取客户关系，疑似团伙会列在这里。',
    states: { new: '待判断', ring: '团伙', innocent: '无异常' },
    verbs: { new: '重新判断', ring: '认定团伙', innocent: '无异常' },
    asks: { new: '重新判断这 {{count}} 个账户？', ring: '认定这 {{count}} 个账户是团伙？', innocent: '认定这 {{count}} 个账户无异常？' },
    consequences: { new: '恢复为待判断；此前的结论保留在记录中。', ring: '成员进入风险名单，只供风险控制使用，不对营销开放；可随时改判。', innocent: '不再提示，除非成员有明显变化。' },
    judged: '结论已记录', list: '成员名单', refresh: '重新读取', refreshing: '已在后台读取，稍后刷新', ring: '团伙', judgedBy: '判断人',
    one: '{{count}} 个账户', detail: '团伙', foundAt: '发现于 {{at}}', forRisk: '仅供风险核查：成员名单不得用于营销，也不得告知成员本人。',
    devices: '设备', quiet: '只领不用', burst: '一周内出现', invitedShare: '相互邀请', sharedDevices: '共用设备', noDevices: '没有共用设备', deviceOf: '{{count}} 位成员', invitations: '由谁邀请', byOthers: '团伙外的人', invitedCount: '邀请 {{count}} 人', history: '判断记录', noHistory: '还没有人判断过。',
  },
  rules: {
    title: '身份匹配规则', meta: '两位客户凭什么视为同一人；一人提出，另一人批准', change: '调整规则', waiting: '有一份调整正在等待批准。', inForce: '现行规则', orderHint: '从上到下，先符合者为准', same: '相同：{{fields}}',
    certainties: { joins: '直接合并', proposes: '由人判断', never: '永不合并' }, fields: { id_document: '证件', phone: '手机', name: '姓名', device: '设备' },
    pairs: '{{shown}} 对', guard: '同一手机或设备超过 {{count}} 位客户共用时，不作为合并依据，并在依据中注明。', heldBack: '现有 {{shown}} 位客户因此不参与手机匹配。', never: '推荐关系不是身份依据；证件不同的两位客户不会因其他字段相同而合并。',
    edit: '调整规则', rule: '规则 {{count}}', label: '名称', fieldsOf: '须相同的字段', certainty: '处理方式', up: '上移', down: '下移', remove: '删除', add: '添加规则', sharedMax: '同一手机或设备最多几位客户共用', try: '试算', tryFirst: '请先试算', askHint: '批准后即生效。', joinsHint: '含“直接合并”：批准后每晚自动合并符合的客户，合并可逐一拆分。',
    requests: '调整记录', askedAt: '提出时间', askedBy: '提出人', count: '规则数',
    sameOf: '{{field}}相同', differOf: '{{field}}不同', tooMany: '{{count}} 位客户共用，不作为依据',
  },
}
