/** Words of the life of a segment: members by day, overlap, comparison, reach, look-alikes; lists always left out. */
export default {
  segmentLife: {
    tabs: { rule: '规则', members: '成员变化', overlap: '重合', compare: '对比' }, tabsLabel: '客群页签',
    members: '成员', entered: '进入', left: '离开', changed: '规则有变', rule: '规则', day: '日期', table: '以表格查看', customers: '客户',
    notFollowed: '还没有跟踪成员', notFollowedHint: '跟踪后，每晚重算一次成员，记下当天谁进入、谁离开，可查看任意一天的成员，并发出进入与离开事件。', follow: '开始跟踪', followed: '已开始跟踪，正在计算成员', unfollow: '停止跟踪', unfollowed: '已停止跟踪', unfollowHint: '已记录的成员变化会一并删除，不能恢复。', reckon: '立即重算', asked: '已开始重算', followedBy: '{{name}} 于 {{at}} 开始跟踪',
    asOf: '截至 {{day}}，数据 {{at}}', span_other: '{{count}} 天', now: '现有成员', enteredIn_other: '近 {{count}} 天进入', leftIn_other: '近 {{count}} 天离开', since: '跟踪自', first: '正在第一次计算成员。', oneDay: '从第二天起显示变化。', ruleMark: '规则 v{{version}}',
    held: '最近一次没有算成。', heldHint: '成员仍是 {{day}} 的，没有补造数据。', heldBy: { tag_stale: '规则用到的标签已过期，请先更新标签。', data_behind: '最新客户还没有进入分析库，稍后会自动再算。' },
    chartSaid: '成员变化，{{from}} 至 {{to}}：由 {{before}} 户到 {{after}} 户', daySaid: '{{day}}：成员 {{members}}，进入 {{entered}}，离开 {{left}}',
    overlap: '客群重合', overlapHint: '最多 5 个客群', choose: '选择其他客群，最多 4 个', overlapNone: '选择要比较的客群', overlapNoneHint: '每一种重合各有多少客户，一次算清。', dataAt: '数据截至 {{at}}', inAll: '同时属于全部', onlyIn: '仅属于 {{name}}', part: '部分', shareOfAny: '占比', anybody: '合计 {{count}} 户至少属于其中一个，范围内共 {{universe}} 户。', small: '不足 10 户的部分不显示。', partSaid: '{{name}}：{{count}} 户', upsetSaid: '客群重合，{{count}} 个部分，最大：{{most}}', upsetHint: '指向一列，或用 Tab 与方向键，查看该部分。',
    compare: '客群对比', compareWith: '与谁对比', restOfBank: '全行其他客户', othersOf: '仅属于 {{name}}', inBoth: '同时属于两个客群', byTrait: '按客户属性', byTag: '按标签', compareKey: '横条本客群，竖线对方', lineSaid: '{{name}}：本客群 {{share}}，对方 {{other}}',
    reach: '触达与费用', reachHint: '短信，此刻', reachable: '可触达', reachLine: '其中 {{shown}} 户可收到短信', costLine: '每户一条约 {{amount}}', cost: '一条短信的费用', noGateway: '未接短信网关', costHint: '按每户一条、每条一段计。', costEstimated: '客户较多，手机号与频次按 1 万户抽样推算；按每户一条、每条一段计。',
    steps: { no_consent: '未同意营销短信', personalisation_off: '关闭了个性化', suppressed: '在抑制名单', excluded: '在排除名单', no_phone: '没有手机号', frequency: '达到频次上限' },
    lookalike: '相似客群', lookalikes: '相似客群', lookalikesHint: '用抽出的客户检验', lookalikeHint: '以本客群为种子，找出其余客户中与它最像的若干户，存为名单。种子至少 200 户；不使用性别、民族等受保护信息，不使用敏感值、风险标签和存款信息。', search: '开始查找', searching: '已开始查找，完成后显示在本页', wanted: '要找多少户', likeName: '像“{{name}}”的客户',
    searchStates: { asked: '查找中', done: '已找到', failed: '未完成' }, searchFailed: { seed_too_small: '种子或其余客户不足 200 户，无法学习。', nothing_to_learn: '没有可用的标签或属性。', outcome_too_rare: '可供检验的客户太少。' }, asSegment: '用作客群', foundSaid: '由 {{seed}} 户种子找到 {{found}} 户，检验 AUC {{auc}}', driver: { up: '多有“{{name}}”：种子 {{seed}}，其余 {{rest}}', down: '少有“{{name}}”：种子 {{seed}}，其余 {{rest}}' },
  },
  exclusion: {
    hint: '名单内的客户不进入任何客群快照，也不会收到营销消息', add: '新建排除名单', none: '还没有排除名单', noneHint: '投诉、员工、司法等客户，可在这里一次排除，所有活动自动生效。', name: '名单名称', kind: '类别', kinds: { complaint: '投诉', staff: '员工', legal: '司法', risk: '风险', other: '其他' }, states: { in_force: '生效中', lifting: '解除待审批', ended: '已到期', lifted: '已解除' },
    members: '户', from: '来源', ofList: '上传名单', ofSegment: '客群', segmentHint: '该客群会被跟踪，每晚按最新成员排除。', until: '截至 {{day}}', untilLifted: '解除前一直有效', untilOn: '截止日', untilHint: '含当天；不填则一直有效。', owner: '负责人 {{name}}', reason: '原因', added: '已生效', addHint: '新建后立即生效；解除须由他人审批。',
    lift: '解除', liftTitle: '解除“{{name}}”', liftHint: '提交后由他人审批，通过之前名单继续有效。', liftReason: '解除原因', liftAsked: '已提交，等待他人审批', seeChange: '查看审批',
  },
}
