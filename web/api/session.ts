import { answered, api, setCsrfToken } from './client'
import type { Body, Ok } from './types'

export type Session = Ok<'get_session'>
export type SignIn = Body<'sign_in'>

const SIGNED_IN = 'huoke.signed-in'
const TENANT = 'huoke.tenant'

/** The bank this browser signed in to last, to spare typing its code. */
export const lastTenant = () => localStorage.getItem(TENANT) ?? undefined

/** Whether this browser signed in and has not signed out: asking the server without that would only be refused. */
export const maySignedIn = () => localStorage.getItem(SIGNED_IN) !== null

const keep = (session: Session): Session => {
  setCsrfToken(session.csrf_token)
  localStorage.setItem(SIGNED_IN, session.staff_id)
  localStorage.setItem(TENANT, session.tenant.code)
  return session
}

/** The session, or null where nobody is signed in. */
export async function readSession(): Promise<Session | null> {
  if (!maySignedIn()) return null
  return keep(await answered(api.GET('/v1/session', {})))
}

export const signIn = async (values: SignIn): Promise<Session> => keep(await answered(api.POST('/v1/session', { body: values })))

export async function signOut(): Promise<void> {
  await answered(api.DELETE('/v1/session', {}))
  forgetSession()
}

export function forgetSession(): void {
  localStorage.removeItem(SIGNED_IN)
  setCsrfToken('')
}

export const completeEnrolment = (answer: Body<'complete_enrolment'>) => answered(api.POST('/v1/enrolments', { body: answer }))

export const proveSession = (code: string) => answered(api.POST('/v1/session/proofs', { body: { code } }))

export const changePassword = (change: Body<'change_password'>) => answered(api.PUT('/v1/session/password', { body: change }))
