export default {
  temperature: {
    title: 'Temperature', hint: '0–100, the last 90 days', none: 'Not read yet', noneHint: 'Temperatures are read every night; the first one stands here tomorrow.',
    in30: '30 days', in5: '5 days', turned: '{{stage}} · was {{was}}', churn: 'May leave', churnOf: 'within {{days}} days, scored {{day}}', turns: 'The weeks that moved it most', turnWeek: 'week of {{day}}', asOf: 'As of {{day}}, {{confidence}} % sure', drivers: 'What moves it, in points', noDrivers: 'All as usual.', need: 'Looks for', needHint: 'looked {{count}} times, last {{day}}',
    course: 'Course from {{from}} to {{to}}', share: 'counts {{percent}} %', unknown: 'unknown',
    stages: { hot: 'Hot', warm: 'Warm', cool: 'Cool', cold: 'Cold' },
    lifecycles: { new: 'New', growing: 'Growing', mature: 'Mature', cooling: 'Cooling', lost: 'Lost' },
    parts: { activity: 'Activity', money: 'Money', human: 'People' },
  },
  warning: {
    meta: 'At least two signs, one of them new; some customers are left out for comparison', who: 'Customer', sign: 'Signs', value: 'At risk a month', owner: 'Manager', day: 'Since', state: 'State', note: 'What was done or found',
    from: 'from ¥{{yuan}}', open: 'Open warnings', openCount: 'Customers', atRisk: 'At risk a month', atRiskHint: 'mean of 180 days', shape: 'How warm customers are', shapeHint: '{{shown}} customers, {{average}} on average, as of {{day}}',
    take: 'Take', done: 'Done', falseAlarm: 'False alarm', none: 'Nobody begins to cool', noneHint: 'Whoever shows two signs after a night\'s reading is listed here.',
    states: { new: 'New', taken: 'Taken', done: 'Done', false_alarm: 'False alarm' },
    signs: { cooled: 'Colder stage', quiet: 'Gone quiet', money_out: 'Money goes elsewhere', salary_gone: 'Salary stopped', due: 'Product falls due' },
    ends: { done: 'Looked after {{who}}', false_alarm: 'False alarm: {{who}}' },
  },
}
