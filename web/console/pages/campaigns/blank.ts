/** What a draft from nothing begins with; everything else is written in the wizard. */
export const blank = { goal: '', person_limit: 1, stock: 0, budget_fen: 0, valid_days: 14, control_percent: 10, metric_days: 30, published: false, mode: 'push' as const }
