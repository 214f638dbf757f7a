import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../testing/browser.ts'
import { folder, readFlow, startNodeRed, type TestNodeRed } from './testing/node-red.ts'
import { layKeypads } from './testing/stand-ins.ts'

/* The nodes as a technician meets them: Node-RED's own editor in Chromium, in Indonesian. */

const keypads = layKeypads([{ event: 'event3', name: 'SIGMACHIP USB Keypad', phys: 'usb-1.2/input0' }])
let red: TestNodeRed
let browser: Browser
let page: Page

type Editor = {
  nodes: {
    registry: { getNodeTypes(): string[] }
    getType(type: string): { set: { module: string }; category: string }
    filterNodes(filter: { type: string }): object[]
    eachConfig(visit: (node: object) => void): void
    import(flow: object[]): void
    clear(): void
  }
  editor: { edit(node: object): void; editConfig(name: string, type: string, id: string): void }
  view: { redraw(now: boolean): void }
}
declare const RED: Editor

beforeAll(async () => {
  red = await startNodeRed({ editor: true, balaiDevices: keypads.devices })
  browser = await openBrowser()
  page = await (await browser.newContext({ locale: 'id-ID' })).newPage()
  await page.goto(red.url())
  await page.waitForSelector('.red-ui-palette-node')
})
afterAll(async () => {
  await browser.close()
  await red.stop()
  keypads.remove()
})

const examples = readdirSync(join(folder, 'examples')).map((file) => file.replace('.json', ''))

test('all our types are in the palette, with Indonesian names', async () => {
  const types = await page.evaluate(() => RED.nodes.registry.getNodeTypes().filter((type) => type.startsWith('balai')))
  expect(types).toHaveLength(examples.length)
  const labels = await page.locator('#red-ui-palette-Balai .red-ui-palette-label').allTextContents()
  expect(labels.sort()).toEqual(expect.arrayContaining(['catatan', 'perintah', 'cetak', 'kantor', 'gpio', 'keypad']))
  expect(labels).toHaveLength(examples.length - 1)
})

test.each(examples)('the dialog of %s opens with a word for each field, and its help is Indonesian', async (name) => {
  const type = name === 'balai-box' ? name : name.replaceAll('-', ' ')
  const flow = readFlow(`examples/${name}.json`)
  await page.evaluate(
    ({ flow, type }) => {
      RED.nodes.clear()
      RED.nodes.import(flow)
      RED.view.redraw(true)
      let config: object | undefined
      RED.nodes.eachConfig((node) => {
        if ((node as { type: string }).type === type) config = node
      })
      const [node] = RED.nodes.filterNodes({ type })
      if (node) RED.editor.edit(node)
      else if (config) RED.editor.editConfig('', type, (config as { id: string }).id)
    },
    { flow, type },
  )
  const dialog = page.locator('#dialog-form, #node-config-dialog-edit-form').last()
  await dialog.waitFor()
  const words = await dialog
    .locator('[data-i18n]')
    .evaluateAll((all) => all.map((one) => ({ key: one.getAttribute('data-i18n') ?? '', text: one.textContent ?? '' })))
  expect(words.length).toBeGreaterThan(0)
  expect(words.filter(({ key, text }) => text.trim() === '' || text.includes('label.') || key === text)).toEqual([])
  const help = await page.evaluate(
    (wanted) => document.querySelector(`script[data-help-name="${wanted}"]`)?.innerHTML ?? '',
    type,
  )
  expect(help).toMatch(/Keterangan/)
  await page.locator('#node-dialog-cancel, #node-config-dialog-cancel').last().click()
  await dialog.waitFor({ state: 'detached' })
})

test('a gpio node that is turned round gets an input, and asks for what a lamp needs', async () => {
  await page.evaluate((flow) => {
    RED.nodes.clear()
    RED.nodes.import(flow)
    RED.view.redraw(true)
    const [button] = RED.nodes.filterNodes({ type: 'balai gpio' })
    if (button) RED.editor.edit(button)
  }, readFlow('examples/balai-gpio.json'))
  await page.locator('#dialog-form').waitFor()
  await page.selectOption('#node-input-mode', 'out')
  await page.locator('#node-input-pulse').waitFor({ state: 'visible' })
  expect(await page.locator('#node-input-debounce').isVisible()).toBe(false)
  await page.locator('#node-dialog-ok').click()
  await page.locator('#dialog-form').waitFor({ state: 'detached' })
  const turned = await page.evaluate(() => {
    const [node] = RED.nodes.filterNodes({ type: 'balai gpio' }) as { mode: string; inputs: number }[]
    return { mode: node?.mode, inputs: node?.inputs }
  })
  expect(turned).toEqual({ mode: 'out', inputs: 1 })
})

test('the keypad’s name is offered from those that are plugged in', async () => {
  await page.evaluate((flow) => {
    RED.nodes.clear()
    RED.nodes.import(flow)
    RED.view.redraw(true)
    const [keypad] = RED.nodes.filterNodes({ type: 'balai keypad' })
    if (keypad) RED.editor.edit(keypad)
  }, readFlow('examples/balai-keypad.json'))
  await page.locator('#dialog-form').waitFor()
  const offered = page.getByText('SIGMACHIP USB Keypad (usb-1.2/input0)')
  // The dialog is there before its code has run.
  await expect
    .poll(async () => {
      await page.press('#node-input-device', 'ArrowDown')
      return offered.count()
    })
    .toBe(1)
  await offered.click()
  expect(await page.inputValue('#node-input-device')).toBe('SIGMACHIP USB Keypad')
  await page.locator('#node-dialog-cancel').click()
})
