/** Whom the grid cannot place: who they are, which fields they lack, and units' tasks to find out. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, DatePicker, Form, Input, Popconfirm, Select, type FormInstance } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addFillTask, closeFillTask, getAxes, listFillTasks, listUnfilled, type AxisName, type FillTask } from '@api/grid'
import { useSession } from '@console/app/session'
import { UnitSelect, useUnitLabel } from '@console/app/units'
import { useBilingual } from '@console/app/useWords'
import { Ask } from '@kit/ask'
import { DataPage } from '@kit/DataPage'
import { formatCount, formatDay, formatShare } from '@kit/format'
import { Icon } from '@kit/icons'
import { Card } from '@kit/layout'
import { Empty, Loaded } from '@kit/states'
import './grid.css'

const AXES: AxisName[] = ['occupation', 'life', 'wealth']

function useAxisName(): (axis: AxisName) => string {
  const say = useBilingual()
  const query = useQuery({ queryKey: ['grid-axes'], queryFn: getAxes, staleTime: 300_000 })
  return (axis) => {
    const found = query.data?.in_force.find((one) => one.axis === axis) ?? query.data?.usual.find((one) => one.axis === axis)
    return found ? say(found.label, found.label_en) : '…'
  }
}

export default function UnknownPage() {
  const { t } = useTranslation()
  const say = useBilingual()
  const unitLabel = useUnitLabel()
  const axisName = useAxisName()
  const { may } = useSession()
  const [adding, setAdding] = useState(false)
  const axes = AXES.map((value) => ({ value, label: axisName(value) }))
  return (
    <>
      <DataPage
        name="grid-unfilled"
        operation="list_grid_unfilled"
        crumbs={[{ label: t('menu.customers'), to: '/customers' }, { label: t('menu.grid'), to: '/grid' }, { label: t('grid.fill') }]}
        title={t('grid.fill')}
        label={t('grid.fill')}
        meta={<span>{t('grid.fillHint')}</span>}
        actions={may('grid.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('grid.newTask')}</Button>}
        above={<Tasks axisName={axisName} />}
        load={listUnfilled}
        rowKey={(row) => row.seq}
        filters={(state) => (
          <>
            <Select aria-label={t('grid.axis')} style={{ minWidth: 140 }} value={state.params.axis ?? 'occupation'} options={axes} onChange={(axis: string) => state.change({ axis })} />
            <UnitSelect allowClear aria-label={t('grid.unit')} placeholder={t('grid.allUnits')} style={{ minWidth: 160 }} value={state.params.unit_id ? Number(state.params.unit_id) : undefined} onChange={(unit?: number) => state.change({ unit_id: unit === undefined ? undefined : String(unit) })} />
          </>
        )}
        columns={[
          { key: 'who', title: t('warning.who'), field: 'customer_no', render: (row) => <span><Link className="name" to={`/customers/${row.seq}`}>{row.name ?? row.customer_no}</Link> <small className="mono muted">{row.customer_no}</small></span> },
          { key: 'lacking', title: t('grid.lacking'), field: 'lacking', render: (row) => row.lacking.length > 0 ? <span className="row wrap">{row.lacking.map((one) => <span key={one.name} className="tag plain">{say(one.label, one.label_en)}</span>)}</span> : <span className="muted">{t('grid.noBand')}</span> },
          { key: 'unit', title: t('grid.unit'), field: 'unit_name', render: (row) => unitLabel(row.unit_id, row.unit_name) },
          { key: 'owner', title: t('warning.owner'), field: 'owner', render: (row) => row.owner || '—' },
        ]}
        empty={<Empty title={t('grid.allKnown')}>{t('grid.allKnownHint')}</Empty>}
      />
      {adding && <NewTask axes={axes} close={() => setAdding(false)} />}
    </>
  )
}

function Tasks({ axisName }: { axisName: (axis: AxisName) => string }) {
  const { t } = useTranslation()
  const query = useQuery({ queryKey: ['grid-fill-tasks'], queryFn: listFillTasks })
  return (
    <Card className="fill-tasks" title={t('grid.tasks')} hint={t('grid.tasksHint')}>
      <Loaded query={query} rows={2}>{(page) => page.items.length === 0 ? <p className="muted s13">{t('grid.noTasks')}</p> : <ul>{page.items.map((task) => <Task key={task.id} task={task} axis={axisName(task.axis)} />)}</ul>}</Loaded>
    </Card>
  )
}

function Task({ task, axis }: { task: FillTask; axis: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const unitLabel = useUnitLabel()
  const cache = useQueryClient()
  const open = task.state === 'open'
  const finish = async () => {
    await closeFillTask(task.id)
    await cache.invalidateQueries({ queryKey: ['grid-fill-tasks'] })
  }
  return (
    <li>
      <span><b>{unitLabel(task.unit_id, task.unit_name)}</b> · {axis}{task.note && <small className="muted"><br />{task.note}</small>}</span>
      <span className="fill-bar"><meter min={0} max={task.customers} value={task.filled} aria-label={t('grid.filled', { share: formatShare(task.filled, task.customers) })} /><small>{formatCount(task.filled)} / {formatCount(task.customers)} · <b>{formatShare(task.filled, task.customers)}</b></small></span>
      <small className="second">{t('grid.due', { day: formatDay(task.due_on) })}<br /><span className="muted">{task.created_by}</span></small>
      {open && may('grid.write') ? <Popconfirm title={t('grid.closeTask')} onConfirm={finish}><Button size="small">{t('action.close')}</Button></Popconfirm> : <span className="tag plain">{t(open ? 'grid.open' : 'grid.closed')}</span>}
    </li>
  )
}

interface Values { axis: AxisName; unit_id: number; due_on: Dayjs; note?: string }

function NewTask({ axes, close }: { axes: { value: AxisName; label: string }[]; close: () => void }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const [form]: [FormInstance<Values>] = Form.useForm<Values>()
  const add = async ({ axis, unit_id, due_on, note }: Values) => {
    await addFillTask({ axis, unit_id, due_on: due_on.format('YYYY-MM-DD'), note: note ?? '' })
    await cache.invalidateQueries({ queryKey: ['grid-fill-tasks'] })
  }
  const needed = [{ required: true, message: t('grid.needed') }]
  return (
    <Ask<Values> title={t('grid.newTask')} form={form} submit={add} close={close} initial={{ axis: 'occupation' }}>
      <Form.Item name="axis" label={t('grid.axis')} rules={needed}><Select options={axes} /></Form.Item>
      <Form.Item name="unit_id" label={t('grid.unit')} rules={needed}><UnitSelect /></Form.Item>
      <Form.Item name="due_on" label={t('grid.dueOn')} rules={needed}><DatePicker style={{ width: '100%' }} /></Form.Item>
      <Form.Item name="note" label={t('grid.note')}><Input.TextArea rows={2} maxLength={200} showCount /></Form.Item>
    </Ask>
  )
}
