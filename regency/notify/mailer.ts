import { type HubConfig, readSecret } from '../base/config.ts'

const timeoutMs = 10_000

export type Mailer = (mail: { to: readonly string[]; subject: string; text: string }) => Promise<void>

/** The SMTP server of `[mail]`; throws what it says. The password is read here and goes nowhere else. */
export function createMailer({
  host,
  port,
  tls,
  user,
  password_file: file,
  from,
}: NonNullable<HubConfig['mail']>): Mailer {
  const pass = readSecret(file)
  return async ({ to, ...words }) => {
    // Only who mails carries what mails.
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({
      ...{ host, port, secure: tls === 'wrapped', requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
      ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
      ...(user && pass ? { auth: { user, pass } } : {}),
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
    try {
      await transport.sendMail({ from, to: [...to], ...words })
    } finally {
      transport.close()
    }
  }
}
