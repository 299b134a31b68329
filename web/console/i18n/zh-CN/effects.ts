/** What a campaign changed, how its customers came, who stands behind a number. */
export default {
  effect: {
    title: '增量', on: '对{{metric}}的增量', arms: '处理组 − 对照组', treated: '处理组', control: '对照组', persons: '{{shown}} 人', interval: '95 % 区间 {{low}} … {{high}}', relative: '相对 {{value}}（{{low}} … {{high}}）', noRelative: '对照组太小，不给相对变化', points: '个百分点', perPerson: '每人', times: '次',
    verdict: { raised: '有提升', lowered: '有下降', no_difference_seen: '看不出差别', not_enough_data: '数据不足', not_comparable: '不可比较' }, provisional: '期中数字',
    says: {
      raised_share: '多带来 {{n}} 位{{metric}}客户', raised_count: '{{metric}}多了 {{n}} 次', raised_fen: '{{metric}}多了 {{n}}', lowered_share: '少了 {{n}} 位{{metric}}客户', lowered_count: '{{metric}}少了 {{n}} 次', lowered_fen: '{{metric}}少了 {{n}}',
      no_difference_seen: '看不出{{metric}}有差别', not_comparable: '两组不可比较，不下结论', silent: '数据不足，不下结论', interim: '期中：{{metric}} {{difference}}', unmeasured: '这个活动没有选定指标',
    },
    gap: {
      no_metric: '没有选定指标：草稿里选一个，结束后才知道改变了什么。', not_begun: '活动还没有开始。', no_control: '活动没有对照组，无法得知没有活动时会怎样。下次留出 5 % 到 10 % 即可衡量。', window_open: '衡量窗口还未结束：已过 {{have}} 天，满 {{enough}} 天再下结论。', too_few_persons: '较小的一组只有 {{have}} 人，至少要 {{enough}} 人。', too_few_events: '两组一共只有 {{have}} 人有此行为，至少要 {{enough}} 人。', no_effect_to_divide_by: '区间包含 0，除不出成本。',
    },
    enough: '若真有这么大的差别，两组共约 {{enough}} 人才看得出。', incremental: '增量', cost: { share: '每增量客户成本', count: '每增量一次成本', fen: '每增量一元成本' }, spent: '已核销费用', noCost: '—',
    whole: '全部', parts: '分组看增量', partsHint: '95 % 区间', partsNote: '灰色表示区间跨过 0，尚不能判断有效。区间已按分组个数做多重比较校正；对照组不足 30 人的分组不显示。', part: { active: '此前有此行为', quiet: '此前无此行为' }, byBranch: '分行', byBefore: '此前行为',
    checks: '检查', ratioFine: '分组人数与抽取比例相符（p = {{p}}）', ratioAlarm: '分组人数与抽取比例不符（p = {{p}}），结果不可信，请联系数据同事', intention: '比较全部计划触达的客户，无论是否领取；同一自然人只算一次', past: '用活动前同样长的时间校正，方差减少 {{percent}}（CUPED）', noPast: '活动前的记录不够长或帮助不大，未校正', cap: '金额分布偏斜，每人最多计 {{cap}}', score: '两比例得分区间（Miettinen–Nurminen）', welch: '偏斜校正的 Welch 区间（Hall）',
    definition: '口径', window: '窗口', details: '查看效果', plot: '{{label}}：{{value}}，95 % 区间 {{low}} 到 {{high}}', adjusted: '两组平均为原始值，差值已校正',
  },
  paper: { pdf: '一页报告 PDF', xlsx: 'Excel 报告', make: '导出报告', making: '正在生成报告…', done: '报告已生成', failed: '报告没有生成：{{error}}', fetch: '下载' },
  ways: { title: '入口漏斗', hint: '户；领取记在领取前最后访问的入口', entry: '入口', direct: '直接进入', visited: '访问', claimed: '领取', redeemed: '核销', rate: '核销率', none: '还没有人从入口进来', reached: '已触达', delivered: '已送达', claimedAll: '已领取', redeemedAll: '已核销', visitedAll: '已访问', benefits: '权益消耗', benefitsHint: '份', left: '余 {{left}}', used: '核销 {{used}}，占用 {{held}}', fine: '充足', low: '偏少', out: '已领完', kinds: { link: '链接', qr: '二维码', poster: '海报' } },
  drill: { title: '{{what}}的客户', hint: '只显示您机构范围内的客户，资料已脱敏。', at: '时间', none: '范围内没有客户', more: '再看一些', open: '查看客户', stages: { granted: '已发放', visited: '已访问', claimed: '已领取', redeemed: '已核销' } },
}
