/** What still has to be done with a statement. */
import type { StatementRow } from '@api/settle'

/** Whether it was agreed on, comes to money, and nobody has entered its payment yet. */
export const isOwed = (one: Pick<StatementRow, 'state' | 'payable_fen' | 'paid_at'>) => one.state === 'confirmed' && one.payable_fen > 0 && !one.paid_at
