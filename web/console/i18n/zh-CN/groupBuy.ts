/** 拼团 */
export default {
  groupBuy: {
    meta: '先占座后付款，满员付清才成团；未成团积分、现金全部退回', new: '新建拼团', newMeta: '提交后由另一人审批，生效后不能修改，只能停止',
    name: '名称', days: '{{opens}} – {{closes}}', by: '{{who}} 提交', benefit: '权益', price: '每座价格', pricePoints: '{{points}} 积分', size: '几人成团', people: '{{count}} 人', sizeAndPrice: '{{size}} 人团 · 每人 {{price}}',
    left: '剩余份数', of: '共 {{stock}}', leftOf: '剩 {{left}} / {{stock}}', personLimit: '每人限购', hours: '成团时限', hourCount: '{{count}} 小时', payMinutes: '付款时限', minuteCount: '{{count}} 分钟', title: '页面标题', terms: '拼团条件',
    openGroups: '进行中的团', completeGroups: '已成团', ofGroups: '占全部团的 {{share}}', seatsNow: '占座 {{seats}}，已付 {{paid}}', cashIn: '收款', cashBack: '已退款', cashBackHint: '已退 {{back}}，退款中 {{way}}', pointsKept: '收回积分', pointsHint: '已付款和已成团座位的积分，不含已退回', onItsWay: '退款中 {{amount}}',
    groups: '团', code: '团号', seats: '座位', seatsOf: '{{seats}} / {{size}}', paidCount: '已付 {{count}}', points: '积分', opened: '开团时间', until: '截止或结束', searchHint: '按团号查找', noGroups: '没有这样的团', noGroupsHint: '客户在手机上开团后会出现在这里。', undeliverable: '有成员不能领取，全部退回',
    seatsOfGroup: '团 {{code}} 的座位', paidAt: '{{at}} 付款', payBy: '{{at}} 前付款',
    none: '还没有拼团', noneHint: '选一个券类权益，设定人数、价格和时限，审批后客户即可开团。存款、理财、保险、贷款不能拼团。',
    states: { submitted: '待审批', live: '进行中', stopped: '已停止', refused: '未获批准', open: '进行中', full: '满员待付', complete: '已成团', expired: '未成团', refunded: '已退回', reserved: '待付款', paid: '已付款', delivered: '已到账', released: '未付放开', refunding: '退款中' },
    stop: '停止拼团', stopHint: '停止后不再接受占座，{{open}} 个进行中的团全部退回积分和现金；已成团的不受影响。不可恢复。', stopOne: '停止', stopOneTitle: '停止团 {{code}}', stopOneHint: '{{paid}} 个已付座位的积分和现金将全部退回，未付的不再收款。', stopped: '已停止，退款进行中',
    what: '拼什么', whatHint: '只能拼券类权益；存款、理财、保险、贷款及金融权益不能拼团', howMuch: '人数、价格和时限', howMuchHint: '所有客户同一价格；积分和现金至少一项', stockHint: '一座一份', priceMissing: '积分和现金至少填一项', proposed: '已提交，等待另一人审批',
    fields: { size: '几人成团', points: '每座积分', cash: '每座现金', stock: '份数', person_limit: '每人限购', hours: '成团时限（小时）', pay_minutes: '付款时限（分钟）', valid_days: '权益有效天数' },
  },
}
