/** What people say of rings, and in which tone it is shown. */
export const STATES = ['new', 'ring', 'innocent'] as const
export const TONES: Record<string, string> = { new: 'warn', ring: 'bad', innocent: 'ok' }
