import { describe } from 'node:test'
import { skipUnless } from '../../kit/installed.ts'
import { share } from '../../kit/shared-servers.ts'
import { describeCases } from '../contract.ts'
import { twoProcessesContract } from '../two-processes.ts'
import { userRaceCases } from '../user-store-races.ts'
import { sharePostgres } from './open-stores.ts'
import { openUsersElsewhere } from './users-elsewhere.ts'

describe('two processes on one Postgres', { skip: skipUnless('postgres') }, () => {
  const { server } = sharePostgres()

  twoProcessesContract('the Postgres token store', () => server().auth)

  describe('the Postgres user store, shared by two processes', () => {
    const store = share((context) => openUsersElsewhere(context, server().auth))

    describeCases('in a race', userRaceCases, async () => ({ store: store() }))
  })
})
