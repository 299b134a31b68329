/** 模型的词：预测什么、评估得如何、谁批准。 */
export default {
  models: {
    hint: '用本行自己的历史学习，在更晚的时间上评估，由第二人批准', train: '训练', trainNote: '两种算法都在多个历史截止日上学习，在最近的截止日上评估。每个特征都会比对有无截止日之后数据的结果，一旦偷看未来即停止训练。进度见任务。',
    trainingAsked: '开始训练，进度见任务', scoringAsked: '开始评分，进度见任务', scoreNow: '立即评分', scored: '已评分客户', mean: '均值', scoredAt: '{{time}} 评分', notScored: '尚未评分', waits: '已训练，尚未启用', untrained: '尚未训练', look: '查看',
    task: '预测目标', version: '第 {{number}} 版', versions: '版本', versionsHint: '最新在前，从不覆盖', none: '还没有模型', noneHint: '本行半年的事件导入之后，就可以训练第一个模型。', recommended: '推荐', algorithm: '算法', state: '状态', made: '训练', rows: '学习样本', error: '校准误差', judgedRows: '评估样本',
    algorithms: { boosted: '梯度提升树 (LightGBM)', logistic: '逻辑回归', comeback: 'BG/NBD 与 Gamma-Gamma' },
    metrics: { auc: 'AUC（时间外）', calibration_error: '校准误差', top_tenth_lift: '前 10% 提升', log_loss: '对数损失', brier: 'Brier 分数', total_error: '总额误差', correlation: '客户间相关系数' }, metric: '指标', metricsTitle: '评估', against: '对比第 {{number}} 版',
    outOfTime: '{{day}} 之后', allowed: '上限 {{most}}', outcomes_other: '其中 {{shown}} 个发生', calibration: '预测与实际', calibrationHint: '按预测值分成十等份', calibrationSaid: '预测与实际：{{said}}', groupSaid: '预测 {{told}}，实际 {{seen}}', told: '预测', seen: '实际', thisVersion: '本版本', other: '对比版本', ideal: '预测等于实际', compare: '对比',
    features: '特征权重', featuresHint_other: '{{count}} 个特征，按权重排列', allFeatures: '全部 {{count}} 个', fewer: '收起', standing: '属性', standingHint: '以当前值代表过去的数值属性，例如年龄。只选预测目标不会改变的属性。', standingTag: '当前值', standingNote: '带此标记的属性取当前值，而不是截止日当时的值。',
    record: '登记信息', cutOffs: '截止日', judgedOn: '评估截止日', text: '模型文本', data: '数据', code: '代码', approved: '批准', propose: '提交启用', proposed: '已提交，由另一人决定', retire: '退役', retired: '已退役', retireHint: '它不再评分。已有的评分保留到下一次评分为止。', toApproval: '查看审批',
    runs: '评分记录', runsHint: '每晚一次，也可随时发起', noRuns: '还没有评分', noRunsHint: '批准之后即为全部客户评分。', at: '截至', bands: '分档', drift: '最大漂移', drifted: '已漂移', driftNote: '以下特征的客户分布已偏离学习时：{{names}}。请重新训练。', comma: '、',
    others: '其他版本', othersHint: '同一预测目标', driftTitle: '漂移', driftHint: '评分客户与学习样本的差异 (PSI)，{{time}}', steady: '平稳', driftMark: '超过 {{most}} 需重新训练', apart: '差额', apartPoints: '差（百分点）',
    raises: '推高', lowers: '拉低',
    featuresPlain_other: '{{count}} 个特征', overAllowed: '超出上限 {{most}}', tooFar: '误差超出上限 {{most}}，不能启用：请用更长的历史重新训练',
    ofCustomer: '预测', ofCustomerHint: '以及影响最大的因素', unknown: '未知',
  },
}
