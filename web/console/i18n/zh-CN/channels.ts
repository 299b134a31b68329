export default {
  message: {
    title: '短信', search: '客户号或手机号', customer: '客户', source: '活动', parts: '条数', cost: '费用', queued: '排队', handed: '提交', ended: '回执',
    none: '还没有短信', noneHint: '活动配置短信后，触达的客户会在这里逐条可查；内容与号码都不留存。',
    waiting: '待发送', onWay: '已提交', arrived: '已送达', failed: '失败', withheld: '未发送', spent: '费用', signIn: '登录验证码', signInCost: '其中登录验证码 {{amount}}', segmentCount: '共 {{parts}} 条计费短信',
    why: '未发送原因', gateway: '短信网关', gatewayNone: '未接入', gatewaySet: '接入网关', gatewayChange: '修改网关', resting: '网关无应答，{{time}} 后重试', off: '已停用', well: '正常',
    state: '状态', reasons: {
      no_consent: '未同意营销', suppressed: '在抑制名单', excluded: '在排除名单', tag_deleted: '客户删除了相关标签', closed: '已销户', no_phone: '没有手机号', frequency: '达到频次上限', plan_ended: '活动已结束', joined: '客户已合并，只发一次',
    },
    trialPhones: '试发手机', trialSays: '写活动的同事可以把短信先发到这些手机看看；号码加密保存，只显示打码。', trialName: '谁的手机', trialPhone: '手机号', trialAdd: '添加', trialNone: '还没有允许试发的手机号。', trialTitle: '允许一个试发手机',
    address: '网关地址', addressHint: '以 https:// 开头', sender: '短信签名', senderHint: '在运营商备案的签名，不带括号', keyId: '密钥编号', key: '共享密钥（Base64）', keyHint: '留空则保留现有密钥，首次接入会生成新密钥',
    link: '链接前缀', linkHint: '短信里链接的开头，例如 m.bank.cn', price: '每千条单价', batch: '每批条数', timeout: '超时（秒）', enabled: '启用',
  },
}
