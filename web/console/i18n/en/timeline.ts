export default {
  timeline: {
    title: 'Timeline', hint: 'all sources', none: 'No events yet', noneHint: 'Once the app, the website or a bulk file sends events, what the customer did stands here in order.', more: 'Earlier', today: 'Today',
    filters: { all: 'All', money: 'Money', visits: 'Visits', benefits: 'Benefits', service: 'Service' },
    states: { reserved: 'Benefit reserved', issued: 'Benefit granted', fulfilling: 'Benefit on its way', fulfilled: 'Benefit claimed', used: 'Benefit redeemed', failed: 'Benefit failed', expired: 'Benefit expired', revoked: 'Benefit revoked', returned: 'Benefit returned' },
  },
}
