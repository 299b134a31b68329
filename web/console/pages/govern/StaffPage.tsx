/** Staff with their posts, roles and units; access is ended and given back here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addStaff, changeStaff, disableStaff, enableStaff, enrolStaff, listStaff, type StaffMember } from '@api/people'
import { useSession } from '@console/app/session'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatDay, formatInstant } from '@kit/format'
import { Icon } from '@kit/icons'
import { Note } from '@kit/layout'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'
import { Empty } from '@kit/states'
import { StatusTag } from '@kit/StatusTag'
import { UnitSelect, unitsQuery, useUnitName } from '@console/app/units'

const roles = ['operator', 'branch_operator', 'buyer', 'approver', 'consumer_reviewer', 'teller', 'service_desk', 'merchant_clerk', 'analyst', 'risk_officer', 'rm', 'system_admin', 'security_admin', 'auditor'] as const
type Role = (typeof roles)[number]

export default function StaffPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const units = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const [editing, setEditing] = useState<StaffMember | 'new' | null>(null)
  const [enrolling, setEnrolling] = useState<StaffMember | null>(null)
  const [access, setAccess] = useState<StaffMember | null>(null)
  const unitName = (id: number) => {
    const unit = units.data?.items.find((each) => each.id === id)
    return unit ? nameOf(unit) : String(id)
  }
  return (
    <>
      <DataPage
        name="staff"
        operation="list_staff"
        title={t('menu.staff')}
        label={t('menu.staff')}
        load={listStaff}
        rowKey={(member) => member.id}
        searchHint={t('staff.search')}
        statuses={['active', 'disabled'].map((value) => ({ value, label: t(`status.staff.${value}`) }))}
        actions={may('staff.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('staff.add')}</Button>}
        columns={[
          { key: 'name', title: t('staff.name'), field: 'name', render: (member) => <><b>{member.name}</b><small>{member.post}</small></> },
          { key: 'login', title: t('staff.login'), field: 'login', render: (member) => <span className="mono">{member.login}</span> },
          { key: 'unit', title: t('staff.unit'), field: 'unit_id', render: (member) => unitName(member.unit_id) },
          { key: 'roles', title: t('staff.roles'), render: (member) => <span className="row wrap" style={{ gap: 4 }}>{member.roles.map((held) => <span key={`${held.role}${held.unit_id}`} className="tag plain" title={unitName(held.unit_id)}>{t(`role.${held.role}`)}</span>)}</span> },
          { key: 'added', title: t('staff.added'), field: 'added_at', format: 'day', render: (member) => formatDay(member.added_at) },
          { key: 'status', title: t('staff.status'), field: 'status', words: 'status.staff', render: (member) => <StatusTag kind="staff" value={member.status} /> },
          {
            key: 'actions',
            title: '',
            render: (member) => (
              <span className="row">
                {member.can.includes('change') && <Button size="small" onClick={() => setEditing(member)}>{t('action.edit')}</Button>}
                {member.can.includes('enrol') && <Button size="small" onClick={() => setEnrolling(member)}>{t('staff.enrol')}</Button>}
                {(member.can.includes('disable') || member.can.includes('enable')) && (
                  <Button size="small" danger={member.can.includes('disable')} onClick={() => setAccess(member)}>{t(member.can.includes('disable') ? 'staff.disable' : 'staff.enable')}</Button>
                )}
              </span>
            ),
          },
        ]}
        empty={<Empty title={t('staff.none')} />}
      />
      {editing && <StaffForm member={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
      {enrolling && <EnrolDialog member={enrolling} close={() => setEnrolling(null)} />}
      {access && <AccessForm member={access} close={() => setAccess(null)} />}
    </>
  )
}

interface StaffValues {
  login: string
  name: string
  post: string
  unit_id: number
  roles: Role[]
  scope_id?: number
}

function StaffForm({ member, close }: { member: StaffMember | null; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const submit = async ({ login, name, post, unit_id, roles: held, scope_id }: StaffValues) => {
    const body = { name, post, unit_id, roles: held.map((role) => ({ role, unit_id: scope_id ?? unit_id })) }
    if (member) await changeStaff({ id: member.id, ...body })
    else await addStaff({ login, ...body })
    await cache.invalidateQueries({ queryKey: ['staff'] })
    void message.success(t('state.saved'))
  }
  const initial = member ? { ...member, roles: member.roles.map((held) => held.role), scope_id: member.roles[0]?.unit_id } : undefined
  const needed = [{ required: true }]
  return (
    <Ask<StaffValues> title={t(member ? 'staff.edit' : 'staff.add')} submit={submit} close={close} initial={initial} action={t('action.save')}>
      {!member && <Form.Item name="login" label={t('staff.login')} rules={needed}><Input maxLength={64} autoComplete="off" /></Form.Item>}
      <Form.Item name="name" label={t('staff.name')} rules={needed}><Input maxLength={40} /></Form.Item>
      <Form.Item name="post" label={t('staff.post')} rules={needed}><Input maxLength={40} /></Form.Item>
      <Form.Item name="unit_id" label={t('staff.unit')} rules={needed}><UnitSelect /></Form.Item>
      <Form.Item name="roles" label={t('staff.roles')} extra={t('staff.rolesHint')} rules={needed}>
        <Select mode="multiple" options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
      </Form.Item>
      <Form.Item name="scope_id" label={t('staff.scope')} extra={t('staff.scopeHint')}><UnitSelect allowClear /></Form.Item>
    </Ask>
  )
}

function AccessForm({ member, close }: { member: StaffMember; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const ending = member.can.includes('disable')
  const submit = async ({ reason }: { reason: string }) => {
    await (ending ? disableStaff(member.id, reason) : enableStaff(member.id, reason))
    await cache.invalidateQueries({ queryKey: ['staff'] })
  }
  return (
    <Ask<{ reason: string }> title={`${t(ending ? 'staff.disable' : 'staff.enable')} · ${member.name}`} submit={submit} close={close} danger={ending} action={t(ending ? 'staff.disable' : 'staff.enable')}>
      <Form.Item name="reason" label={t('audit.reason')} rules={[{ required: true, min: 4, message: t('audit.reasonNeeded') }]}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
    </Ask>
  )
}

/** A new one-time code: the old factors end, so it is asked for by a click of its own. */
function EnrolDialog({ member, close }: { member: StaffMember; close: () => void }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const make = useMutation({ mutationFn: () => enrolStaff(member.id) })
  return (
    <Modal open title={`${t('staff.enrol')} · ${member.name}`} onCancel={close} footer={null} width={420}>
      {make.data ? (
        <div className="stack" style={{ alignItems: 'center', padding: '12px 0' }}>
          <b className="figure second-size wrap-any" style={{ whiteSpace: 'normal' }}>{make.data.code}</b>
          <span className="second s12">{t('staff.enrolExpires', { time: formatInstant(make.data.expires_at) })}</span>
          <Note icon="lock">{t('staff.enrolHint')}</Note>
        </div>
      ) : (
        <div className="stack" style={{ paddingTop: 8 }}>
          {make.error ? <Note kind="danger">{say(problemOf(make.error))}</Note> : <Note>{t('staff.enrolHint')}</Note>}
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={close}>{t('action.cancel')}</Button>
            <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>{t('staff.enrol')}</Button>
          </div>
        </div>
      )}
    </Modal>
  )
}
