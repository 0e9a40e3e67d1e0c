/** What capabilities want said in production, beside what the core wants. Where one is deleted, nobody reads its variables. */
import type { Variables } from './processes.ts'

export const wantedByCapabilities: Variables = {
  ISSUER: 'https://auth.example',
  AUDIENCE: 'business',
  CONTENT_STORE: 'postgres://sallyport_business@127.0.0.1:1/sallyport',
  KEY_ENCRYPTION_SECRET: 'a-secret-to-keep-keys-under-in-tests-32',
}
