/** Words of relations: rings of abuse and what people say of them. */
export default {
  rings: {
    meta: '共用设备、除领取权益外几乎没有活动的账户；由人判断', score: '可疑度', members: '成员', reasons: '依据', state: '结论', found: '发现时间', note: '理由',
    accounts: '{{shown}} 个账户', organiser: '邀请人', none: '没有可疑团伙', noneHint: '每晚读取客户关系，疑似团伙会列在这里。',
    states: { new: '待判断', ring: '团伙', innocent: '无异常' },
    asks: { ring: '确认这 {{count}} 个账户是团伙？', innocent: '确认这 {{count}} 个账户无异常？' },
  },
}
