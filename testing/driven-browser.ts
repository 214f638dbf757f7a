import { existsSync } from 'node:fs'
import { oldChromium } from './fetch-old-chromium.ts'
import { openFirefox } from './firefox.ts'
import { openOldChromium } from './old-chromium.ts'
import { openWebKit } from './webkit.ts'

/*
 * Browsers that Playwright does not drive as Debian ships them: Firefox ESR by WebDriver BiDi, WebKitGTK (which stands in
 * for iPhones) by WebDriver, and the oldest Chromium that README names by the DevTools protocol. Each is one browser with one jar of cookies and any number of tabs; what is done in a tab is
 * what a person does: a pointer that goes down and up, keys. For tests only.
 */

/** A tab. `find` is an expression of the page that answers an element; it must be there and seen. */
export type Tab = {
  goto(url: string): Promise<void>
  /** The value of an expression of the page; it must be JSON. */
  evaluate<T>(expression: string): Promise<T>
  click(find: string): Promise<void>
  /** Types into whatever has the focus. `\n` is the Enter key. */
  type(text: string): Promise<void>
  /** The page's own width and height, in CSS pixels. */
  resize(width: number, height: number): Promise<void>
  /** A PNG of what is seen. */
  picture(): Promise<Buffer>
}

export type DrivenBrowser = {
  version: string
  openTab(): Promise<Tab>
  /** What the consoles of all tabs said so far that is an error, also what no page caught. */
  errors(): Promise<string[]>
  close(): Promise<void>
}

export type DrivenOptions = { keepsCookies?: boolean }

const firefox = process.env.BALAI_FIREFOX ?? '/usr/bin/firefox-esr'
const webKitDriver = process.env.BALAI_WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver'

/** Those browsers by name; null: not on this machine. */
export const drivenBrowsers: Record<string, ((options?: DrivenOptions) => Promise<DrivenBrowser>) | null> = {
  'Firefox ESR': existsSync(firefox) ? (options = {}) => openFirefox(firefox, options) : null,
  // It has no other way to refuse cookies than a profile, which one without a window does not read.
  'Chromium 87': existsSync(oldChromium) ? () => openOldChromium(oldChromium) : null,
  WebKitGTK: existsSync(webKitDriver) ? (options = {}) => openWebKit(webKitDriver, options) : null,
}
