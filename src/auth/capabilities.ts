/** What auth can beside its core. Each line, together with the folder that it names, can be deleted. */
import { docs } from '../docs/register.ts'
import { accounts } from './accounts/register.ts'
import { admin } from './admin/register.ts'
import { audit } from './audit/register.ts'
import type { Capability } from './capability.ts'
import { clients } from './clients/register.ts'
import { feed } from './feed/register.ts'
import { jwt } from './jwt/register.ts'
import { mail } from './mail/register.ts'
import { sessions } from './sessions/register.ts'
import { throttle } from './throttle/register.ts'

// biome-ignore format: a line for each
export const capabilities: readonly Capability[] = [
  accounts,
  admin,
  audit,
  clients,
  docs,
  feed,
  jwt,
  mail,
  sessions,
  throttle,
]
