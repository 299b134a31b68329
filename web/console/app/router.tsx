/** Every address of the console, each page in a file of its own that is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, Outlet, type ErrorComponentProps } from '@tanstack/react-router'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '@kit/icons'
import { problemOf } from '@kit/problem'
import { Broken, Denied, Empty } from '@kit/states'
import { Shell } from '@console/shell/Shell'
import { SessionProvider, useSession, useSessionQuery } from './session'

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: Failed })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('@console/pages/SignInPage')),
})

const enrol = createRoute({
  getParentRoute: () => root,
  path: '/enrol',
  component: lazyRouteComponent(() => import('@console/pages/EnrolPage')),
})

const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside, notFoundComponent: Missing })

type PageModule = () => Promise<{ default: React.ComponentType }>

/** A page and the permission it needs; an address typed by hand says 403 instead of an empty page. */
function page(path: string, load: PageModule, permission?: string) {
  const Page = lazy(load)
  return createRoute({
    getParentRoute: () => inside,
    path,
    component: permission ? () => <Guarded permission={permission}><Page /></Guarded> : Page,
    errorComponent: Failed,
  })
}

const pages = [
  page('/', () => import('@console/pages/HomePage')),
  page('/customers', () => import('@console/pages/customers/CustomersPage'), 'customer.read'),
  page('/customers/$seq', () => import('@console/pages/customers/CustomerPage'), 'customer.read'),
  page('/managers', () => import('@console/pages/managers/ManagersPage'), 'customer.assign'),
  page('/identity-matches', () => import('@console/pages/customers/MatchesPage'), 'customer.merge'),
  page('/sealed-values', () => import('@console/pages/customers/SealedPage'), 'segment.read'),
  page('/imports', () => import('@console/pages/customers/ImportsPage'), 'customer.import'),
  page('/imports/new', () => import('@console/pages/customers/NewImportPage'), 'customer.import'),
  page('/feeds', () => import('@console/pages/customers/FeedsPage'), 'customer.import'),
  page('/feeds/$id', () => import('@console/pages/customers/FeedPage'), 'customer.import'),
  page('/import-databases', () => import('@console/pages/customers/ImportDatabasesPage'), 'source.write'),
  page('/imports/$id', () => import('@console/pages/customers/ImportPage'), 'customer.import'),
  page('/events', () => import('@console/pages/events/LatestPage'), 'event.read'),
  page('/event-sources', () => import('@console/pages/events/SourcesPage'), 'event.read'),
  page('/event-schemas', () => import('@console/pages/events/SchemasPage'), 'segment.read'),
  page('/event-schemas/$name', () => import('@console/pages/events/SchemaPage'), 'segment.read'),
  page('/event-quarantine', () => import('@console/pages/events/QuarantinePage'), 'event.read'),
  page('/event-loads', () => import('@console/pages/events/LoadsPage'), 'event.read'),
  page('/event-loads/new', () => import('@console/pages/events/NewLoadPage'), 'event.write'),
  page('/event-loads/$id', () => import('@console/pages/events/LoadPage'), 'event.read'),
  page('/tags', () => import('@console/pages/tags/TagsPage'), 'tag.read'),
  page('/tags/new', () => import('@console/pages/tags/TagFormPage'), 'tag.write'),
  page('/tags/$id', () => import('@console/pages/tags/TagPage'), 'tag.read'),
  page('/tags/$id/edit', () => import('@console/pages/tags/TagFormPage'), 'tag.write'),
  page('/mall', () => import('@console/pages/mall/MallPage'), 'benefit.read'),
  page('/payments', () => import('@console/pages/payments/PaymentsPage'), 'payment.read'),
  page('/payments/$id', () => import('@console/pages/payments/PaymentPage'), 'payment.read'),
  page('/tiers', () => import('@console/pages/tiers/TiersPage'), 'tier.read'),
  page('/temperature', () => import('@console/pages/warnings/TemperaturePage'), 'warning.read'),
  page('/temperature/scale', () => import('@console/pages/warnings/ScalePage'), 'tag.read'),
  page('/early-warnings', () => import('@console/pages/warnings/WarningsPage'), 'warning.read'),
  page('/rings', () => import('@console/pages/relations/RingsPage'), 'ring.read'),
  page('/rings/$id', () => import('@console/pages/relations/RingPage'), 'ring.read'),
  page('/ring-members', () => import('@console/pages/relations/RingMembersPage'), 'ring.read'),
  page('/leads', () => import('@console/pages/relations/LeadsPage'), 'lead.read'),
  page('/cascades', () => import('@console/pages/relations/CascadesPage'), 'relation.read'),
  page('/cascades/$seq', () => import('@console/pages/relations/CascadePage'), 'relation.read'),
  page('/identity-matches/rules', () => import('@console/pages/relations/IdentityRulesPage'), 'customer.merge'),
  page('/models', () => import('@console/pages/models/ModelsPage'), 'model.read'),
  page('/models/$id', () => import('@console/pages/models/ModelPage'), 'model.read'),
  page('/grid', () => import('@console/pages/grid/GridPage'), 'grid.read'),
  page('/grid/axes', () => import('@console/pages/grid/AxesPage'), 'grid.read'),
  page('/grid/unknown', () => import('@console/pages/grid/UnknownPage'), 'grid.read'),
  page('/points/types', () => import('@console/pages/points/PointTypesPage'), 'points.read'),
  page('/points/rules', () => import('@console/pages/points/EarnRulesPage'), 'points.read'),
  page('/points/exchange', () => import('@console/pages/points/ExchangePage'), 'points.read'),
  page('/customers/$seq/points', () => import('@console/pages/points/CustomerPointsPage'), 'customer.read'),
  page('/points/report', () => import('@console/pages/points/PointsReportPage'), 'points.read'),
  page('/segments', () => import('@console/pages/segments/SegmentsPage'), 'segment.read'),
  page('/segments/new', () => import('@console/pages/segments/SegmentPage'), 'segment.write'),
  page('/segments/$id', () => import('@console/pages/segments/SegmentPage'), 'segment.read'),
  page('/plays', () => import('@console/pages/plays/PlaysPage'), 'campaign.read'),
  page('/plays/$id', () => import('@console/pages/plays/PlayPage'), 'campaign.read'),
  page('/exclusions', () => import('@console/pages/exclusions/ExclusionsPage'), 'segment.read'),
  page('/benefits', () => import('@console/pages/benefits/BenefitsPage'), 'benefit.read'),
  page('/library', () => import('@console/pages/library/LibraryPage'), 'benefit.read'),
  page('/catalogue-imports', () => import('@console/pages/library/CatalogueImportsPage'), 'benefit.read'),
  page('/card-codes', () => import('@console/pages/benefits/CardCodesPage'), 'benefit.read'),
  page('/merchants', () => import('@console/pages/benefits/MerchantsPage'), 'benefit.read'),
  page('/outlet-gifts', () => import('@console/pages/benefits/OutletGiftsPage'), 'outlet.read'),
  page('/bookings', () => import('@console/pages/bookings/BookingsPage'), 'redemption.read'),
  page('/pools', () => import('@console/pages/benefits/PoolsPage'), 'benefit.read'),
  page('/budgets', () => import('@console/pages/benefits/BudgetsPage'), 'budget.read'),
  page('/suppliers', () => import('@console/pages/benefits/SuppliersPage'), 'benefit.read'),
  page('/campaigns', () => import('@console/pages/campaigns/CampaignsPage'), 'campaign.read'),
  page('/campaigns/new', () => import('@console/pages/campaigns/NewCampaignPage'), 'campaign.write'),
  page('/campaigns/calendar', () => import('@console/pages/campaigns/CalendarPage'), 'campaign.read'),
  page('/campaigns/$id', () => import('@console/pages/campaigns/CampaignPage'), 'campaign.read'),
  page('/campaigns/$id/edit', () => import('@console/pages/campaigns/CampaignForm'), 'campaign.write'),
  page('/kits', () => import('@console/pages/kits/KitsPage'), 'campaign.read'),
  page('/kits/set-up', () => import('@console/pages/kits/SetupsPage'), 'campaign.read'),
  page('/kits/set-up/$id', () => import('@console/pages/kits/SetupPage'), 'campaign.read'),
  page('/kits/$key', () => import('@console/pages/kits/NewSetupPage'), 'campaign.write'),
  page('/visits', () => import('@console/pages/plays/VisitsPage'), 'lobby.host'),
  page('/lobby', () => import('@console/pages/plays/LobbyPage'), 'lobby.host'),
  page('/my-invitations', () => import('@console/pages/referral/MyCodesPage'), 'referral.invite'),
  page('/referral', () => import('@console/pages/referral/ProgrammesPage'), 'campaign.read'),
  page('/referral/new', () => import('@console/pages/referral/NewProgrammePage'), 'campaign.submit'),
  page('/referral/$id', () => import('@console/pages/referral/ProgrammePage'), 'campaign.read'),
  page('/group-buys', () => import('@console/pages/group-buys/GroupBuysPage'), 'campaign.read'),
  page('/group-buys/new', () => import('@console/pages/group-buys/NewGroupBuyPage'), 'campaign.submit'),
  page('/group-buys/$id', () => import('@console/pages/group-buys/GroupBuyPage'), 'campaign.read'),
  page('/supply', () => import('@console/pages/settle/SupplyPage'), 'supply.read'),
  page('/supplier-orders', () => import('@console/pages/settle/OrdersPage'), 'supply.read'),
  page('/supplier-orders/$id', () => import('@console/pages/settle/OrderPage'), 'supply.read'),
  page('/consignments', () => import('@console/pages/settle/ConsignmentsPage'), 'supply.read'),
  page('/prepayments', () => import('@console/pages/settle/PrepaymentsPage'), 'supply.read'),
  page('/day-files', () => import('@console/pages/settle/DayFilesPage'), 'supply.read'),
  page('/day-files/$id', () => import('@console/pages/settle/DayFilePage'), 'supply.read'),
  page('/differences', () => import('@console/pages/settle/DifferencesPage'), 'supply.read'),
  page('/invoices', () => import('@console/pages/settle/InvoicesPage'), 'statement.read'),
  page('/price-spreads', () => import('@console/pages/govern/PriceSpreadPage'), 'price.read'),
  page('/tax', () => import('@console/pages/settle/TaxPage'), 'statement.read'),
  page('/statements', () => import('@console/pages/settle/StatementsPage'), 'statement.read'),
  page('/own-statements', () => import('@console/pages/settle/OwnStatementsPage'), 'statement.own'),
  page('/own-statements/$id', () => import('@console/pages/settle/StatementPage'), 'statement.own'),
  page('/statements/$id', () => import('@console/pages/settle/StatementPage'), 'statement.read'),
  page('/messages', () => import('@console/pages/channels/MessagesPage'), 'message.read'),
  page('/counter', () => import('@console/pages/counter/CounterPage'), 'redemption.redeem'),
  page('/desk', () => import('@console/pages/desk/DeskPage'), 'desk.find'),
  page('/desk/customers/$seq', () => import('@console/pages/desk/DeskCustomerPage'), 'desk.find'),
  page('/cases', () => import('@console/pages/desk/CasesPage'), 'case.read'),
  page('/cases/$id', () => import('@console/pages/desk/CasePage'), 'case.read'),
  page('/compensations', () => import('@console/pages/desk/CompensationsPage'), 'case.read'),
  page('/extensions', () => import('@console/pages/desk/ExtensionsPage'), 'case.read'),
  page('/code-readings/$id', () => import('@console/pages/desk/GoodwillPage'), 'case.read'),
  page('/compensations/$id', () => import('@console/pages/desk/GoodwillPage'), 'case.read'),
  page('/extensions/$id', () => import('@console/pages/desk/GoodwillPage'), 'case.read'),
  page('/service-offers', () => import('@console/pages/desk/ServiceOffersPage'), 'case.read'),
  page('/approvals', () => import('@console/pages/approvals/ApprovalsPage'), 'approval.read'),
  page('/approvals/$id', () => import('@console/pages/approvals/ApprovalPage'), 'approval.read'),
  page('/audit', () => import('@console/pages/govern/AuditPage'), 'audit.read'),
  page('/jobs', () => import('@console/pages/govern/JobsPage'), 'job.read'),
  page('/units', () => import('@console/pages/govern/UnitsPage'), 'staff.read'),
  page('/staff', () => import('@console/pages/govern/StaffPage'), 'staff.read'),
  page('/settings', () => import('@console/pages/govern/SettingsPage'), 'setting.read'),
]

const rest = createRoute({ getParentRoute: () => inside, path: '$', component: Missing })

const tree = root.addChildren([signIn, enrol, inside.addChildren([...pages, rest])])

/** Plain query strings, every value a string: `?status=running&q=0012` means what it says. */
const parseSearch = (text: string) => Object.fromEntries(new URLSearchParams(text))
const stringifySearch = (search: Record<string, unknown>) => {
  const present = Object.entries(search).filter(([, value]) => value != null && value !== '')
  const text = new URLSearchParams(present.map(([name, value]) => [name, String(value)])).toString()
  return text ? `?${text}` : ''
}

export const makeRouter = () =>
  createRouter({ routeTree: tree, basepath: '/console', parseSearch, stringifySearch, defaultPreload: 'intent', scrollRestoration: true })

function Inside() {
  const query = useSessionQuery()
  if (query.data) {
    return (
      <SessionProvider session={query.data}>
        <Shell />
      </SessionProvider>
    )
  }
  if (query.data === null || problemOf(query.error).status === 401) return <ToSignIn />
  if (query.error) return <Broken page error={query.error} retry={() => void query.refetch()} />
  return <div className="splash"><Mark size={48} /></div>
}

function ToSignIn() {
  const here = window.location.pathname.replace(/^\/console/, '') + window.location.search
  const next = here === '/' || here === '' ? undefined : here
  return <Navigate to="/sign-in" search={{ next } as never} replace />
}

function Guarded({ permission, children }: { permission: string; children: React.ReactNode }) {
  const { may } = useSession()
  return may(permission) ? children : <Denied page />
}

function Missing() {
  const { t } = useTranslation()
  return <Empty page sign="search" title={t('state.missing')}>{t('state.missingHint')}</Empty>
}

/** What a browser says when a page's own file did not come: only loading anew brings it. */
const NOT_LOADED = /dynamically imported module|importing a module/i

function Failed({ error, reset }: ErrorComponentProps) {
  return <Broken page error={error} retry={error instanceof Error && NOT_LOADED.test(error.message) ? () => window.location.reload() : reset} />
}
