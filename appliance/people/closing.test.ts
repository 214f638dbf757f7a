import { expect, test } from 'vitest'
import { freePort } from '../../testing/servers.ts'
import { furnish, openTestBox, testPin } from '../../testing/test-box.ts'

/* What a PIN is compared by takes its time; the box may end meanwhile. */

test.each([0, 5, 20])(
  'A15: who logs in as the box closes, %i ms before, is let in or cut off, and reads of no fault',
  async (delay) => {
    const ports = { http: await freePort(), https: 0 }
    const box = await openTestBox({ ports })
    const { technician } = await furnish(box)
    const answers = Array.from({ length: 6 }, () =>
      fetch(`http://127.0.0.1:${ports.http}/api/session`, {
        method: 'POST',
        headers: { 'x-balai': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ account: technician, pin: testPin }),
      }).then(
        ({ status }) => status,
        () => 'cut off',
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, delay))
    await box.remove()
    for (const answer of await Promise.all(answers)) expect([200, 'cut off']).toContain(answer)
  },
)
