/** Services one books: slots, who comes, who came. */
export default {
  bookings: {
    title: '服务预约', hint: '体检、贵宾厅、洗车等须先预约；到店凭码核销', day: '日期', open: '开放时段', ofDay: '{{day}} 的预约', ofDayHint: '开始前 30 分钟到结束后 60 分钟可核销；之后未到记为爽约', none: '这天没有预约', noneHint: '客户在手机上预约后会出现在这里。', time: '时间', service: '服务', customer: '客户', serve: '到店核销', serveTitle: '核销：{{name}}', code: '核销码', codeHint: '客户手机上的 12 位码，60 秒更新一次', otherCode: '这个码不是这笔预约的，请核对客户。', slots: '时段与容量', slotsHint_other: '所选日期起 {{count}} 天', noSlots: '还没有开放时段', noSlotsHint: '先开放时段，客户才能预约。', taken: '已约 / 容量', left: '剩余', closed: '已关闭', full: '约满', minutes_other: '{{count}} 分钟', change: '调整时段', capacity: '每时段容量', capacityHint: '已约 {{shown}}，不能低于此数', close: '不再接受预约', unit: '管理机构', store: '合作门店', ownCounter: '本行网点', days: '起止日期', times: '每天的开始时间', timesHint: '写作 09:00，可填多个', length: '时长（分钟）', noServices: '没有“预约服务”规格，请先在权益库新建并发布。',
  },
}
