/**
 * A capability: a folder beside the core that can be deleted, with its line in `capabilities.ts`, and the rest compiles
 * and works. It brings its own variables, migrations, routes and steps of the login, and knows no other capability.
 */
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { CheckedExtension, Extension } from '../config-extension.ts'
import type { Problems } from '../config-problems.ts'
import type { Route } from '../http/router.ts'
import type { Log } from '../log.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { Job } from '../periodic-job.ts'
import type { AccountBacking, TokenBacking } from '../storage/backing.ts'
import type { Census, Purpose, TokenStore, UserStore } from '../storage/ports.ts'
import type { CorePurposes } from '../tokens/purposes.ts'
import type { SoundValuesOf, VariableTable } from '../variable-kinds.ts'
import type { Accounts, ChangeFollower } from './account-port.ts'
import type { Clients } from './clients.ts'
import type { Login, LoginAdditions } from './login.ts'
import type { MailTemplate, Outbox } from './outbox.ts'
import type { Report } from './security-events.ts'
import type { SessionKind } from './session-kinds.ts'
import type { OtherKind } from './validate-tokens.ts'

/** What capabilities offer to one another. To be asked for when it is needed: complete once all are registered. */
export interface Offers {
  /** Of all that a user can have: what ends when everything of a user ends. */
  readonly userPurposes: () => readonly Purpose[]
  readonly kinds: () => readonly OtherKind[]
  readonly sessionKinds: () => readonly SessionKind[]
  /** Of what is filed beside the tokens. */
  readonly censuses: () => readonly TakeCensus[]
  readonly accounts: () => Accounts | undefined
  readonly outbox: () => Outbox | undefined
  readonly mailTemplates: () => readonly MailTemplate[]
  readonly changeFollowers: () => readonly ChangeFollower[]
  /** The scopes that each role has. */
  readonly roles: () => Readonly<Record<string, readonly string[]>>
}

/** Rejects with a 503 where nobody can count. */
export type TakeCensus = () => Promise<Census>

/** What auth offers to each capability. */
export interface Core extends Offers {
  readonly environment: Config['environment']
  readonly tokens: TokenStore
  /** Where a capability keeps what lives and dies like a token. */
  readonly tokenBacking: TokenBacking
  readonly users: UserStore
  /** Where a capability keeps what must not be lost. */
  readonly accountBacking: AccountBacking
  readonly clients: Clients
  readonly passwords: Passwords
  readonly purposes: CorePurposes
  readonly requiresCertificate: boolean
  readonly login: Login
  readonly report: Report
  readonly log: Log
  readonly clock: Clock
  /** Registers what is to be released at the end; the last one first. */
  readonly release: (releaser: () => unknown) => void
}

/** What a capability adds to auth. */
export interface Addition {
  readonly routes?: readonly Route[]
  readonly login?: LoginAdditions
  /** Further purposes of which users have tokens. */
  readonly userPurposes?: readonly Purpose[]
  /** Clients beside the configured ones, which come first. */
  readonly clients?: Clients
  /** What `/validateToken` answers for beside sessions, and who calls by such a token. */
  readonly kinds?: readonly OtherKind[]
  /** Logins that users see and end. */
  readonly sessionKinds?: readonly SessionKind[]
  /** Of what it files beside the tokens, by purposes. */
  readonly census?: TakeCensus
  readonly accounts?: Accounts
  readonly outbox?: Outbox
  readonly mailTemplates?: readonly MailTemplate[]
  readonly changeFollower?: ChangeFollower
  /** The scopes that each role has. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
  /** Is told of all that happens. */
  readonly listener?: Report
  /** Readiness probes, by the names under which the log tells of them. */
  readonly probes?: Readonly<Record<string, () => Promise<void>>>
  /** What it does by itself. A server starts them; a script that registers the same capabilities does not. */
  readonly jobs?: readonly Job[]
}

export interface Definition<T extends VariableTable> {
  /** That of its folder. */
  readonly name: string
  readonly variables?: T
  /** Adds what is wrong with its variables together. */
  readonly check?: (checked: CheckedExtension<T>, problems: Problems) => void
  /** The folder of its migrations, which are numbered by themselves and refer to no table of others. */
  readonly migrations?: URL
  /** Opens what it needs and says what it adds, and starts nothing. `values` are those of its variables. */
  register(core: Core, values: SoundValuesOf<T>): Addition | Promise<Addition>
}

export interface Capability {
  readonly name: string
  readonly extension: Extension
  readonly migrations: URL | undefined
  /** `config` must have been read with the extension of this capability. */
  register(core: Core, config: Pick<Config, 'extensions'>): Promise<Addition>
}

export function capability<T extends VariableTable>(definition: Definition<T>): Capability {
  const { name, variables = {}, check, migrations } = definition
  return {
    name,
    // It is called with what was read of these variables, and of no others.
    extension: { variables, ...(check && { check: check as NonNullable<Extension['check']> }) },
    migrations,
    async register(core, { extensions }) {
      const values = extensions.get(variables)
      if (values === undefined) throw new TypeError(`nobody read the variables of ${name}`)
      return await definition.register(core, values as SoundValuesOf<T>) // as its own table declares
    },
  }
}

export function extensionsOf(capabilities: readonly Capability[]): readonly Extension[] {
  return capabilities.map(({ extension }) => extension)
}
