/** A process of its own that opens the user store of `ACCOUNT_STORE` and does with it what its parent says. */
import { systemClock } from '../../../src/clock.ts'
import { openUserStore } from '../../../src/storage/open.ts'
import { recordedLog } from '../../kit/log.ts'
import { serveStore } from '../other-process.ts'
import { parsePostgresUrl } from './open-stores.ts'

const url = parsePostgresUrl(process.env.ACCOUNT_STORE ?? '')
const log = recordedLog()
const { users } = await openUserStore({ url, clock: systemClock, log })
serveStore(users, log)
