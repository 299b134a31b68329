import { answered, api, setCsrfToken } from './client'

export interface Session {
  name: string
  login: string
  roles: string[]
  permissions: string[]
  tenant_code: string
  tenant_name: string
  unit_id: number | null
  unit_name: string
  csrf_token: string
}

export interface SignIn {
  tenant: string
  login: string
  password: string
  code: string
}

export async function readSession(): Promise<Session> {
  const session: Session = await answered(api.GET('/v1/session', {}))
  setCsrfToken(session.csrf_token)
  return session
}

export async function signIn(values: SignIn): Promise<void> {
  await answered(api.POST('/v1/session', { body: values }))
  await readSession()
}

export async function signOut(): Promise<void> {
  await answered(api.DELETE('/v1/session', {}))
}
