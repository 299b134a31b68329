/** Words of the segment builder: behaviour, other segments, overlap, sharing, history, lists handed out. */
export default {
  upload: { title: '名单“{{name}}”的匹配结果', counted_other: '已识别 {{shown}} 个，最多 {{most}} 个；用换行、空格或逗号分隔', tooMany: '一次最多 {{most}} 个，请分批', fileHint: '文本或 CSV；有“客户号”列时只取这一列', matched: '匹配到的客户', repeated: '重复的号码', unmatched: '未匹配的号码', unmatchedHint: '没有这些客户，或不在您的机构内：', more_other: '等，另有 {{shown}} 个', notNow: '暂不使用', use: '使用这份名单' },
  builder: {
    event: '选择行为', window: '时间窗口', within_other: '近 {{count}} 天', ever: '不限时间', everSays: '至今', measure: '度量', property: '属性', amount: '金额', where: '其中', whereAdd: '限定', whereRemove: '去掉限定', segment: '选择客群', inSegment: '属于', grip: '拖动或用方向键移动',
    measures: { count: '次数', days: '天数', sum: '合计', max: '单次最高', last_days_ago: '距今天数' }, units: { count: '次', days: '天', sum: '', max: '', last_days_ago: '天' },
    says: { count: '{{window}}{{event}}次数{{op}} {{value}} 次', days: '{{window}}{{event}}的天数{{op}} {{value}} 天', sum: '{{window}}{{event}}的{{property}}合计{{op}} {{value}}', max: '{{window}}单次{{event}}的{{property}}最高{{op}} {{value}}', last_days_ago: '最近一次{{event}}距今{{op}} {{value}} 天（{{window}}）' },
    whereSays: '（{{where}}）', segmentSays: '属于客群“{{name}}”',
    overlap: '与进行中活动重合', overlapHint: '占本客群', noOverlap: '没有进行中的活动，或没有重合。', overlapSaid: '{{name}}：重合 {{both}} 户，占本客群 {{share}}', ours: '仅本客群', both: '重合', theirs: '仅对方',
    lives: '更新方式', dynamic: '动态·每日', asked: '按需计算', frozen_other: '已冻结 {{shown}} 个快照', usedBy: '被引用', usedByHint: '活动、客群、名单', usedCount_other: '{{count}} 处', notUsed: '还没有被引用。', useKinds: { exclusion: '排除名单', campaign: '活动', segment: '客群', list: '名单' },
    history: '历史版本', revert: '恢复到此版', copyOf: '{{name}} 副本', sharedWith: '可见范围', shared: { unit: '本机构及下级', bank: '全行' }, shareBank: '共享给全行', shareUnit: '只给本机构及下级', archive: '归档', restore: '取消归档', notDone: '没有完成',
    tabs: { mine: '我的', used: '在用', unused: '未引用', archived: '已归档' },
    handOut: '名单下发', handOutHint: '提交后由他人审批；生成文件时再次剔除已撤回同意和被抑制的客户，文件带水印、记入审计、7 天后失效（F3）。', askList: '提交审批', listAsked: '已提交，等待他人审批', columns: '列', clear: '姓名、手机号明文', clearHint: '须有查看明文权限，审批人会看到用途（F2）。', rowsMax: '行数上限', purpose: '用途', purposeHint: '例如：客户经理电话邀约，活动编号',
    lists: '下发名单', listsHint: '只有申请人能下载', frozenRows: '快照 {{shown}} 户', madeRows: '{{shown}} 户，剔除 {{out}} 户', listStates: { pending: '待审批', approved: '生成中', done: '可下载', cancelled: '已取消', returned: '已退回', rejected: '已驳回', withdrawn: '已撤回' },
  },
  portrait: { title: '画像', hint: '与全行对比', hintUnits: '与本机构对比', most: '差异最大', choose: '看哪一项', key: '横条本客群，竖线全体，差值为百分点', unknown: '未知 {{share}}（全体 {{everyone}}），不计入占比', nobody: '客群里还没有客户。', few: '不足 10 户，不显示画像。', alike: '没有可以对比的属性。', below: '低于 {{high}}', from: '{{low}} 及以上', said: '{{name}}：{{value}}，{{count}} 户，占 {{share}}，全体 {{everyone}}' },
}
