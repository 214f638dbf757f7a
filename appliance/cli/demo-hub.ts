import type { openHub } from '../../regency/hub.ts'

export const demoEngineer = { name: 'Insinyur', pin: '605138' }

/** The hub's first account, made by the command behind `balai hub-account add`. */
export async function setUpHub(hub: Awaited<ReturnType<typeof openHub>>): Promise<void> {
  const known = await hub.accounts.list()
  if (known.length === 0) await hub.accounts.add(demoEngineer)
}
