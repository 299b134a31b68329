/** Customers, imports, segments. */
export default {
  customer: {
    one: '客户', search: '客户查询', searchHint: '完整客户号、手机号或证件号', maskedHint: '已脱敏，查看明文需填写理由并留痕', no: '客户号', name: '姓名', phone: '手机', idDocument: '证件', unit: '归属机构', changed: '最近更新', none: '还没有客户', noneHint: '从文件导入客户，先试跑再入库。', notFound: '没有找到这个客户号',
    page: '客户页', whole: '客户全景', who: '客户身份', seq: '客户序号 {{seq}}', since: '入库日期', person: '同一自然人序号', attributes: '属性', attributesHint: '已知 {{known}} 项，未知 {{unknown}} 项', noAttributes: '还没有属性', depositHint: '存款类事实：不得作为奖励条件（B1）', consents: '授权与触达', textVersion: '文本第 {{version}} 版', neverAsked: '未询问',
    verdicts: { given: '已同意', withdrawn: '已撤回' }, bases: { consent: '个人同意', contract: '履行合同', legal_duty: '法定义务', emergency: '紧急情况', public_interest: '公共利益', public_record: '已公开信息' },
    suppressed: '在抑制名单中，不会被触达：', reasons: { overdue: '逾期', collection: '催收', aml: '反洗钱', court: '司法', deceased: '身故', complaint: '投诉处理中', staff: '本行员工' },
    grants: '权益', history: '变更记录', historyHint: '每次变更前的旧值', noHistory: '入库后没有变更', versionReplaced: '第 {{version}} 版被替换',
  },
  import: {
    new: '导入客户', file: '文件', rows: '读取行数', added: '新增', changed: '更新', same: '无变化', refused: '拒收', by: '发起人', none: '还没有导入记录', noneHint: '支持 CSV（UTF-8、GB18030，可 gzip 压缩），先试跑看报告，再正式导入。', dryRun: '试跑', steps: '上传 → 核对列 → 试跑 → 正式导入',
    choose: '拖入文件，或点击选择', chooseHint: 'CSV 或 TSV，可为 .gz；单行最长与文件大小由系统限制', uploading: '正在上传 {{percent}}%', encoding: '编码', separator: '分隔符', other: '换一个文件', depositColumns: '这些列像存款类事实，请逐一确认“存款”：{{columns}}（B1）', saveMapping: '保存列映射', mappingName: '映射名称', useMapping: '使用已存映射',
    try: '试跑', failed: '没有开始', gap: { customerNo: '请指定客户号来自哪一列，或用行号作客户号', unit: '请指定机构列，或为整个文件选一个机构' }, whole: '整个文件', rowNumber: '行号作客户号', rowNumberHint: '文件没有客户号时使用', unit: '默认机构', unitHint: '没有机构列时全部归属此机构', basis: '营销用途的依据', basisHint: '对文件中每位客户声明（P1）', noBasis: '不声明', source: '来源', sourceHint: '作为属性来源显示',
    mapping: '列映射', mappingHint: '{{count}} 列，系统已给出建议', column: '文件列', is: '含义', attributeName: '属性名', label: '显示名', type: '类型', class: '级别', deposit: '存款',
    targets: { customer_no: '客户号', name: '姓名', phone: '手机', id_document: '证件号', unit_code: '机构代码', attribute: '属性', ignore: '不导入' },
    targetSays: { customer_no: '唯一识别客户，重复导入时更新', name: '加密保存，默认脱敏', phone: '加密保存，默认脱敏，可精确查找', id_document: '加密保存，用于识别同一自然人（R1）', unit_code: '决定归属机构', ignore: '这一列不会保存' },
    types: { text: '文本', integer: '整数', decimal: '小数', date: '日期', boolean: '是否' }, running: '正在处理，已读取 {{rows}} 行。可以离开本页，任务会继续。', wholeRefused: '整个文件被拒收：', triedSays: '这是试跑，没有写入任何客户。确认无误后点右上角正式导入。', rejects: '下载拒收行', run: '正式导入 {{shown}} 行',
    errors: '拒收原因', errorsHint: '前 {{count}} 条', line: '行号', cause: '原因', mend: '怎么改', columns: '各列情况', filled: '有值', empty: '空', distinct: '不同值', range: '范围',
    mends: { integer: '写整数，不带千分位', decimal: '写数字，小数点前至多 14 位、后至多 4 位', date: '写成 2026-03-31，1900 至 2299 年之间', boolean: '写 是/否、1/0 或 true/false', text: '缩短文本，去掉控制字符', name: '姓名至多 80 个字，写在一行', customer_no: '1 到 64 位字母、数字和 . _ / -，以字母或数字开头', phone: '5 到 20 位数字，可带 +86 和连字符', id_document: '5 到 20 位字母和数字', unit_code: '写本行已有的机构代码' },
    causes: { integer: '不是整数', decimal: '不是数字', date: '不是日期', boolean: '不是是否值', text: '文本过长或含控制字符', name: '姓名不合要求', customer_no: '客户号不合要求', phone: '手机号不合要求', id_document: '证件号不合要求', unit_code: '机构代码不存在', column_count: '列数不符', width: '列数不符', repeated: '客户号重复', encoding: '编码错误', empty: '必填为空', missing: '必填为空' },
  },
  segment: {
    new: '新建客群', unnamed: '未命名客群', search: '搜索客群名称', name: '客群名称', serves: '用途', servesAs: { selection: '筛选：选出考虑谁', condition: '条件：客户须做到或符合' }, basis: '存款事实使用依据', basisHint: '含存款类事实时必填（B1），如法务意见编号', size: '户数', owner: '负责人', changed: '最近变更', none: '还没有客群', noneHint: '按属性组合条件，边改边看户数；也可以上传名单。',
    rule: '规则', ruleHint: '右侧数字为该条件单独命中的客户数，横条为占全部客户的比例', uploadList: '上传名单', kind: '组合方式', kinds: { all: '全部满足（且）', any: '任一满足（或）', none: '全部排除（非）' }, short: { all: '且', any: '或', none: '非' }, emptyGroup: '空分组，请添加条件', removeGroup: '删除分组', removeCondition: '删除条件', condition: '条件', group: '分组',
    leaf: { attr: '属性', bucket: '比例', upload: '名单' }, addLeaf: { attr: '属性条件', bucket: '按比例抽取', upload: '上传的名单' }, alone: '单独命中', attribute: '选择属性', comparison: '比较', value: '值', values: '输入后回车，可多个', from: '从', to: '到', yes: '是', no: '否', bucket: '随机的', salt: '抽取标识', upload: '选择名单', unit: '归属机构',
    op: { equal: '等于', notEqual: '不等于', in: '属于', notIn: '不属于', less: '小于', atMost: '至多', more: '大于', atLeast: '至少', between: '介于', isKnown: '已知', isUnknown: '未知' },
    live: '实时命中', counting: '计算中…', took: '{{seconds}} 秒', ofAll: '占 {{universe}} 户的 {{share}}', addFirst: '添加条件后显示户数', moved: '较上次编辑', together: '全部条件', deposit: '“{{facts}}”来自存款类事实。用于筛选须登记依据，不得作为领取条件（B1）。', scope: '计算范围', universe: '有营销依据的客户', withoutBasis: '无营销依据，未计入', suppressed: '命中但被抑制', dataAt: '数据截至',
    audiences: '快照', audiencesHint: '某一时刻的名单，不再变化', noAudiences: '还没有快照', freeze: '生成快照', frozen: '快照已生成', saveFirst: '请先保存', unfinished: '请填写名称并完成所有条件', failed: { save: '没有保存', freeze: '没有生成快照' },
    readAloud: '读一遍：', emptyHint: '从“条件”开始，选一个属性、一种比较和一个值。', and: '且', or: '或', noneOf: '排除（{{parts}}）', unfinishedPart: '（未完成）', bucketSays: '随机的 {{low}}%–{{high}}%', uploadSays: '在名单“{{name}}”中',
    sample: '样本客户', sampleHint: '按客户序号散列抽取，已脱敏', another: '换一批', whyOne: '为什么在里面？', why: '为什么', whyTitle: '{{name}} 为什么', explain: '解释', isIn: '在客群内', isOut: '不在客群内', outOfScope: '不计入：{{why}}', scopeWords: { closed: '已销户', unit: '不在数据范围', basis: '没有营销依据' }, part: '条件', verdict: '结果',
    verdicts: { true: '满足', false: '不满足', unknown: '未知' }, nodeKinds: { all: '全部满足', any: '任一满足', not: '排除', bucket: '比例', upload: '名单' }, flips: '最少改变以下各项即可进入：', nowIs: '（现为 {{value}}）',
    match: '匹配', uploaded: '名单已匹配并加入规则', listName: '名单名称', numbers: '客户号', numbersHint: '已识别 {{shown}} 个，用换行、空格或逗号分隔', fromFile: '从文本文件读取',
  },
}
