/** Words of rules: what came after what, who is first of a group, and why one customer is meant. */
export default {
  rule: {
    limits: { bytes: '规则字节数', depth: '分组层数', nodes: '分组与条件数', parts: '一个分组的条件数', conditions: '条件数', values: '一个列表的值数', text: '一段文字的字数', where: '一个行为的限定数', steps: '先后步骤数', window_days: '时间窗口天数', within_days: '首尾相隔天数', take: '排名取数', references: '客群引用层数', expanded_nodes: '连同引用客群的条件数', upload: '名单条数' },
    steps: '先后步骤', step: '第 {{number}} 步', stepAdd: '步骤', stepRemove: '删除这一步', earlier: '提前一步', never: '期间没有', neverAdd: '期间没有', neverRemove: '去掉“期间没有”', allWithin: '首尾相隔不超过', withinDays: '首尾相隔天数', daysDone: '天，发生在',
    sequenceSays: '{{window}}依次“{{steps}}”（首尾相隔不超过 {{days}} 天{{never}}）', neverSays: '，期间没有“{{event}}”',
    by: '按', rankBy: '选择排名依据', among: '排名范围', withins: { bank: '全行内', branch: '各分行内', unit: '各机构内' }, direction: '名次方向', directions: { top: '最高的', bottom: '最低的' }, take: '取多少', takeUnit: '单位', takeUnits: { percent: '%', count: '户' }, customers: ' {{shown}} 户',
    measured: { count: '{{window}}{{event}}次数', days: '{{window}}{{event}}天数', sum: '{{window}}{{event}}的{{property}}合计', max: '{{window}}单次{{event}}的最高{{property}}', last_days_ago: '最近一次{{event}}距今天数（{{window}}）' },
    rankSays: { top: '{{within}}{{what}}最高的前 {{take}}', bottom: '{{within}}{{what}}最低的 {{take}}' }, withinSays: { bank: '全行', branch: '各分行内', unit: '各机构内' },
    stoppedAt: '停在第 {{number}} 步', stopped: { nothing: '窗口内没有“{{event}}”', absent: '之后没有发生“{{event}}”', late: '“{{event}}”发生得太晚，超过首尾间隔', never: '期间发生了不应有的行为' }, notYet: '未发生', progress: '{{done}} / {{all}} 步',
    place: '第 {{place}} 名，共 {{ranked}} 户，取 {{taken}} 户', noPlace: '没有名次（共 {{ranked}} 户有名次，取 {{taken}} 户）', group: '{{name}}内', wholeBank: '全行', edge: '门槛 {{value}}', bucketPlace: '落在 {{place}}',
    lastAt: '最近一次 {{at}}', noEvent: '窗口内没有', sources: { events: '行为', tags: '标签', hash: '按客户序号散列', upload: '上传名单', import: '导入' }, definition: '定义 {{version}}', asOf: '截至 {{at}}',
    flipsIn: '最少改变以下各项即可进入：', flipsOut: '最少改变以下各项即会离开：', noFlip: '没有可行的改变：条件中只剩按比例抽取。', flipSequence: { true: '完成全部 {{all}} 步（现在 {{done}} 步）', false: '不再完成全部 {{all}} 步' }, onList: '加入名单', offList: '移出名单',
  },
}
