/** The organisation: head office, branches, sub-branches. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addUnit, type Unit } from '@api/people'
import { useSession } from '@console/app/session'
import { inTreeOrder, UnitSelect, unitsQuery, useUnitName } from '@console/app/units'
import { Ask } from '@kit/ask'
import { DataTable } from '@kit/DataTable'
import { Icon } from '@kit/icons'
import { PageHead } from '@kit/layout'
import { Loaded } from '@kit/states'

export default function UnitsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const query = useQuery(unitsQuery)
  const nameOf = useUnitName()
  const [adding, setAdding] = useState(false)
  return (
    <>
      <PageHead
        title={t('menu.units')}
        meta={query.data && <span>{t('units.count', { count: query.data.items.length })}</span>}
        actions={may('setting.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t('units.add')}</Button>}
      />
      <div className="card">
        <Loaded query={query} rows={8}>
          {(page) => (
            <DataTable
              label={t('menu.units')}
              rows={inTreeOrder(page.items)}
              rowKey={(row) => row.unit.id}
              columns={[
                { key: 'name', title: t('units.name'), render: ({ unit, depth }) => <span style={{ paddingLeft: depth * 24, fontWeight: depth ? 400 : 600 }}>{nameOf(unit)}</span> },
                { key: 'kind', title: t('units.kind'), render: ({ unit }) => t(`units.kinds.${unit.kind}`) },
                { key: 'code', title: t('units.code'), render: ({ unit }) => <span className="mono">{unit.code}</span> },
              ]}
            />
          )}
        </Loaded>
      </div>
      {adding && <AddUnit units={query.data?.items ?? []} close={() => setAdding(false)} />}
    </>
  )
}

interface UnitForm {
  parent_code: string
  code: string
  name: string
  name_en?: string
}

function AddUnit({ units, close }: { units: Unit[]; close: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const cache = useQueryClient()
  const submit = async (values: UnitForm) => {
    const parent = units.find((unit) => unit.code === values.parent_code)
    await addUnit({ ...values, name_en: values.name_en ?? '', kind: parent?.kind === 'head_office' ? 'branch' : 'sub_branch' })
    await cache.invalidateQueries({ queryKey: ['units'] })
    void message.success(t('state.saved'))
  }
  return (
    <Ask<UnitForm> title={t('units.add')} submit={submit} close={close} action={t('action.save')}>
      <Form.Item name="parent_code" label={t('units.parent')} rules={[{ required: true }]}>
        <UnitSelect by="code" only={(unit) => unit.kind !== 'sub_branch'} />
      </Form.Item>
      <Form.Item name="name" label={t('units.name')} rules={[{ required: true }]}><Input maxLength={60} /></Form.Item>
      <Form.Item name="name_en" label={t('units.nameEn')}><Input maxLength={60} /></Form.Item>
      <Form.Item name="code" label={t('units.code')} rules={[{ required: true }]}><Input maxLength={32} /></Form.Item>
    </Ask>
  )
}
