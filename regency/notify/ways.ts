import { createHmac } from 'node:crypto'
import type { Catalogues } from '../../appliance/base/messages/catalogues.ts'
import { type HubConfig, readSecret } from '../base/config.ts'
import { createMailer } from './mailer.ts'
import { type Notice, type Told, toText, type Way } from './notice.ts'

const timeoutMs = 10_000

/** The ways that hub.toml names. Secrets are read here and go nowhere but into what is sent. `now`: ms since 1970 UTC. */
export function createWays(
  config: HubConfig,
  { catalogues, now }: { catalogues: Catalogues; now: () => number },
): Way[] {
  const say = catalogues.speak('id')
  const { webhook, mail, telegram } = config
  return [
    ...(webhook ? [createWebhook(webhook, now)] : []),
    ...(mail ? [createMail(mail, (notice) => toText(notice, say))] : []),
    ...(telegram ? [createTelegram(telegram, (notice) => toText(notice, say).text)] : []),
  ]
}

/**
 * JSON by POST. With a secret `x-balai-signature` is `sha256=` and the hex HMAC-SHA256 of `x-balai-timestamp` (seconds since
 * 1970 UTC), a full stop and the body, so that the receiver can refuse what is forged or old.
 */
function createWebhook(
  { url, secret_file, form, severity }: NonNullable<HubConfig['webhook']>,
  now: () => number,
): Way {
  const secret = readSecret(secret_file)
  return {
    ...{ name: 'webhook', target: new URL(url).host, least: severity },
    async send(notice) {
      const body = JSON.stringify(form === 'alertmanager' ? toAlertmanager(notice) : notice)
      const timestamp = String(Math.floor(now() / 1_000))
      const signature = secret && createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
      await post(url, body, {
        'x-balai-timestamp': timestamp,
        ...(signature ? { 'x-balai-signature': `sha256=${signature}` } : {}),
      })
    },
  }
}

/** As Prometheus Alertmanager calls a webhook (its payload, version 4), for receivers that know that. */
export function toAlertmanager({ regency, link, began, ended }: Notice) {
  const alerts = [...began, ...ended].map((one) => toAlert(one, link))
  const status = began.length > 0 || ended.length === 0 ? 'firing' : 'resolved'
  return {
    ...{ version: '4', groupKey: '{}:{}', truncatedAlerts: 0, status, receiver: 'balai' },
    ...{ groupLabels: {}, commonLabels: { regency }, commonAnnotations: {}, externalURL: link ?? '' },
    alerts,
  }
}

const toAlert = (
  { trouble, village, name, district, code, severity, title, remedy, since, endedAt }: Told,
  link: string | null,
) => ({
  status: endedAt === null ? 'firing' : 'resolved',
  labels: { alertname: code, severity, village, name, district },
  annotations: { summary: title, description: remedy },
  startsAt: new Date(since).toISOString(),
  endsAt: endedAt === null ? '0001-01-01T00:00:00Z' : new Date(endedAt).toISOString(),
  generatorURL: link && village ? `${link}/#/village/${village}` : (link ?? ''),
  fingerprint: trouble,
})

type ToText = (notice: Notice) => { subject: string; text: string }

function createMail({ to, severity, ...server }: NonNullable<HubConfig['mail']>, words: ToText): Way {
  const mail = createMailer({ to, severity, ...server })
  return {
    ...{ name: 'mail', target: to.join(', '), least: severity },
    send: (notice) => mail({ to, ...words(notice) }),
  }
}

const longestMessage = 4_096

/** A bot's sendMessage (core.telegram.org/bots/api#sendmessage). Its token is part of the address, which no error says. */
function createTelegram(
  { token_file, chat, api, severity }: NonNullable<HubConfig['telegram']>,
  words: (notice: Notice) => string,
): Way {
  const token = readSecret(token_file)
  return {
    ...{ name: 'telegram', target: chat, least: severity },
    async send(notice) {
      const text = words(notice).slice(0, longestMessage).toWellFormed()
      const message = { chat_id: chat, text, link_preview_options: { is_disabled: true } }
      await post(`${api}/bot${token}/sendMessage`, JSON.stringify(message), {})
    },
  }
}

/** Throws what may be shown: a status and what the other side says, never the address. A redirection is not followed. */
async function post(url: string, body: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(url, {
    ...{ method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) },
    headers: { 'content-type': 'application/json', ...headers },
  }).catch((error: unknown) => {
    const { cause, name } = error as { cause?: { code?: unknown }; name?: string }
    throw new Error(name === 'TimeoutError' ? 'no answer in 10 s' : String(cause?.code ?? 'not reachable'))
  })
  const said = await answer.text().catch(() => '')
  if (!answer.ok) throw new Error(`${answer.status} ${describe(said)}`.trim())
}

/** Telegram says why in `description`. */
function describe(said: string): string {
  try {
    const { description } = JSON.parse(said) as { description?: unknown }
    return typeof description === 'string' ? description.slice(0, 200) : ''
  } catch {
    return ''
  }
}
