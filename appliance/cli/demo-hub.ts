import type { openHub } from '../../regency/hub.ts'
import { commandLine } from './command.ts'

export const demoEngineer = { name: 'Insinyur', pin: '605138' }

/** The hub's first account, an administrator, as `balai hub-account add` makes it. */
export async function setUpHub(hub: Awaited<ReturnType<typeof openHub>>): Promise<void> {
  const known = await hub.accounts.list()
  if (known.length === 0) await hub.accounts.add({ ...demoEngineer, role: 'administrator' }, commandLine())
}
