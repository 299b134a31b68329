/** 管户 */
export default {
  ownership: {
    title: '管户', hint: '一位客户有一位主办客户经理，可有多位协办', manager: '客户经理', search: '姓名或登录名', owned: '主办', shared: '协办', pool: '公共池', poolHint: '没有主办客户经理的有效客户', poolOnly: '仅看公共池', managers: '客户经理', customers: '已管户客户', disabled: '已停用',
    none: '还没有客户经理', noneHint: '先添加角色为客户经理的员工，再逐户或用文件分配客户。', importFile: '用文件导入', look: '看客户', filter: '客户经理',
    owner: '主办', co_owner: '协办', standing: '角色', give: '分配给客户经理', giveTo: '客户经理', giveHint: '新主办接替原主办，协办不变；客户须在该客户经理的机构内。', given_one: '已分配 {{count}} 位客户', given_other: '已分配 {{count}} 位客户', givenPartly: '已分配 {{done}} 位，{{count}} 位未成功：{{why}}', chosen_one: '{{count}} 位客户', chosen_other: '{{count}} 位客户', noManagers: '没有找到客户经理',
    end: '结束管户', endAsk: '{{who}}将不再管这位客户。没有主办的客户进入公共池。', ended: '已结束', endMany: '结束管户', endOf: '不再管户的客户经理', endHint: '只结束这位客户经理的管户，其他人不变。没有主办的客户进入公共池。', endedMany_one: '已结束 {{count}} 位客户的管户', endedMany_other: '已结束 {{count}} 位客户的管户', endedPartly: '已结束 {{done}} 位，{{count}} 位未变：{{why}}',
    now: '现在', nobody: '无人管户，在公共池', history: '变更记录', noHistory: '还没有变更', open: '管户', since: '自 {{day}}',
    steps: { added: '{{who}}成为{{standing}}', changed: '{{who}}由{{before}}改为{{standing}}', ended: '{{who}}不再{{before}}' }, byFile: '文件导入', by: '{{who}}操作',
    handOver: '全部移交', handOverOf: '移交{{who}}的全部客户', handOverHint: '须另一人审批；批准后，当时名下的客户一次全部移交。', to: '移交给', toPool: '不指定：进入公共池', reason: '理由', reasonHint: '例如：调往其他支行', asked: '已提交，由另一人审批',
    preview: { owned: '更换主办', shared: '更换协办', left: '不变：不在接收人的机构内' }, handOvers: '移交记录', noHandOvers: '还没有移交', waiting: '待审批', nothing: '没有可移交给这位客户经理的客户。',
  },
}
