import { expect, test } from 'vitest'
import { openInOrder } from './open-in-order.ts'

test('what was opened is closed in reverse, once', async () => {
  const closed: string[] = []
  const opened = await openInOrder(async (onClose) => {
    for (const name of ['store', 'pages', 'relay']) onClose(() => closed.push(name))
    return { port: 80 }
  })
  expect(opened.port).toBe(80)
  await opened.close()
  await opened.close()
  expect(closed).toEqual(['relay', 'pages', 'store'])
})

test('a start that fails closes what it opened and says why it failed, also when closing fails', async () => {
  const closed: string[] = []
  const opening = openInOrder(async (onClose) => {
    onClose(() => closed.push('store'))
    onClose(() => {
      throw new Error('cannot close')
    })
    throw new Error('port 80 is taken')
  })
  await expect(opening).rejects.toThrow('port 80 is taken')
  expect(closed).toEqual(['store'])
})

test('one part that cannot be closed stops no other, and is not hidden', async () => {
  const closed: string[] = []
  const opened = await openInOrder(async (onClose) => {
    onClose(() => closed.push('store'))
    onClose(async () => {
      throw new Error('cannot close')
    })
    return {}
  })
  await expect(opened.close()).rejects.toThrow('cannot close')
  expect(closed).toEqual(['store'])
})
