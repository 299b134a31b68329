export default {
  tax: {
    meta: '随机奖品按偶然所得代扣个人所得税；退回的奖品冲减，关账后的变动记入以后月份更正。',
    none: '还没有代扣记录', noneHint: '客户收到需要代扣税款的奖品后，这里按月列出。', months: '月份', listed: '明细', search: '按客户号查找', noRecords: '本月没有记录', noRecordsHint: '换一个月份或客户号再看。',
    people: '人数', records_other: '{{shown}} 条记录', value: '奖品价值', base: '计税金额', baseHint: '税款由本行负担时按税后金额还原', tax: '代扣税额', rate: '税率', customer: '客户', prize: '奖品', bearer: '税款负担', earned: '收到时间', corrects: '更正 {{month}}',
    bearers: { bank: '本行', customer: '客户' }, sources: { play: '玩法', campaign: '活动', referral: '推荐有礼', mall: '积分商城', tier: '等级权益', group_buy: '拼团' },
    openHint: '这个月已结束，可以关账。', runsHint: '这个月还没有结束。', waits: '关账申请等待另一位同事审批。', look: '去审批', closed: '已于 {{at}} 关账。', close: '关账', closeOf: '关账 {{month}}', ask: '提交审批', closeHint: '按现在的合计提交，另一位同事核对同样的合计后关账。之后的变动记入以后月份。', file: '下载申报文件', remit: '登记缴纳', remitOf: '登记 {{month}} 税款缴纳', remitHint: '缴纳金额 {{amount}}，与账面应交税款一致才能提交；另一位同事审批后记账，本月应交税款归零。', paidOn: '缴纳日期', reference: '完税凭证号', remitting: '缴纳申请等待另一位同事审批。', remitted: '已于 {{on}} 缴纳 {{amount}}，完税凭证号 {{reference}}。',
  },
}
