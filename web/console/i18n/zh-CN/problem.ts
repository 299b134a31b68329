/** Refusals by code, dots as underscores; what is missing here is said in the server's own sentence. */
export default {
  problem: {
    other: '{{detail}}',
    network: '网络不通，请检查连接后重试。',
    outage: '服务暂时没有响应，请稍后重试。',
    bug: '系统内部出错，已记录。请把编号告诉管理员。',
    unknown: '结果未知，正在确认，请勿重复提交。',
    session_none: '您还没有登录，或登录已结束。',
    session_csrf: '页面已过期，请刷新后重试。',
    permission_missing: '您的角色没有这项权限（{{permission}}）。',
    scope_unit: '该机构不在您的数据范围内。',
    request_reused: '这个请求编号已用于其他内容，请刷新后重试。',
    not_found: '没有找到，或不在您的数据范围内。',
  },
}
