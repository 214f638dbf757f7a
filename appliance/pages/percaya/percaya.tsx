import 'messages:percaya'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { fetchWithin } from '../ui/api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Dialogue, Phone } from './pictures.tsx'
import './percaya.css'

const systems = ['windows', 'android', 'iphone', 'mac', 'firefox'] as const
type System = (typeof systems)[number]
const file = '/percaya/balai.crt'
const askMs = 8000

/** Once for each PC and phone: from then on it trusts the pages of every box of the regency. */
function Percaya() {
  const system = useSignal<System>(systemOf(navigator))
  const offered = useSignal(true)
  useEffect(() => {
    fetchWithin(askMs, file, { method: 'HEAD' }, ({ ok }) => ok).then(
      (ok) => {
        offered.value = ok
      },
      () => {},
    )
  }, [])
  return (
    <main class="percaya">
      <header>
        <Mark />
        <h1>{t('percaya.headline')}</h1>
      </header>
      <p class="quiet">{offered.value ? t('percaya.why') : t('percaya.not-yet')}</p>
      {offered.value && (
        <>
          <nav class="systems">
            {systems.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={system.value === one}
                onClick={() => {
                  system.value = one
                }}
              >
                {t(`percaya.on-${one}`)}
              </button>
            ))}
          </nav>
          <ol>
            <li>
              <p>{t('percaya.step-download')}</p>
              <a class="button button-main" href={file} download>
                {t('percaya.download')}
              </a>
            </li>
            {steps[system.value]()}
            <li>
              <p>{t('percaya.step-check')}</p>
              <a class="button" href="https://balai.local/desk">
                https://balai.local/desk
              </a>
            </li>
          </ol>
          <p class="quiet">{t('percaya.only-boxes')}</p>
        </>
      )}
      <LanguageSwitch keep="remember" />
    </main>
  )
}

/** The words in the pictures are those of Windows in Indonesian offices: English as it is delivered. */
const Windows = () => (
  <>
    <li>
      <p>{t('percaya.windows-open')}</p>
      <Dialogue title="Certificate" lines={[]} press="Install Certificate..." />
    </li>
    <li>
      <p>{t('percaya.windows-machine')}</p>
      <Dialogue title="Certificate Import Wizard" lines={['○ Current User', '● Local Machine']} press="Next" />
    </li>
    <li>
      <p>{t('percaya.windows-store')}</p>
      <Dialogue
        title="Certificate Import Wizard"
        lines={['● Place all certificates in the following store', 'Trusted Root Certification Authorities']}
        press="Next"
      />
    </li>
  </>
)

const Android = () => (
  <>
    <li>
      <p>{t('percaya.android-settings')}</p>
      <Phone title={t('percaya.android-security')} lines={[t('percaya.android-more'), t('percaya.android-install')]} />
    </li>
    <li>
      <p>{t('percaya.android-ca')}</p>
      <Phone title={t('percaya.android-install')} lines={[t('percaya.android-ca-name')]} />
    </li>
    <li>
      <p>{t('percaya.android-file')}</p>
      <Phone title={t('percaya.android-downloads')} lines={['balai.crt']} />
    </li>
  </>
)

const Iphone = () => (
  <>
    <li>
      <p>{t('percaya.iphone-profile')}</p>
      <Phone
        title={t('percaya.iphone-settings')}
        lines={[t('percaya.iphone-general'), t('percaya.iphone-management')]}
      />
    </li>
    <li>
      <p>{t('percaya.iphone-trust')}</p>
      <Phone title={t('percaya.iphone-about')} lines={[t('percaya.iphone-trust-settings'), 'Balai ●']} />
    </li>
  </>
)

const Mac = () => (
  <>
    <li>
      <p>{t('percaya.mac-open')}</p>
    </li>
    <li>
      <p>{t('percaya.mac-trust')}</p>
      <Dialogue title="Balai" lines={['▾ Trust', 'When using this certificate: Always Trust']} press="✕" />
    </li>
  </>
)

/** On Windows and Mac a Firefox of today takes what the system trusts; elsewhere, and an older one, keeps a list of its own. */
const Firefox = () => (
  <>
    <li>
      <p>{t('percaya.firefox-open')}</p>
    </li>
    <li>
      <p>{t('percaya.firefox-import')}</p>
      <Dialogue title="Downloading Certificate" lines={['☑ Trust this CA to identify websites.']} press="OK" />
    </li>
  </>
)

const steps = { windows: Windows, android: Android, iphone: Iphone, mac: Mac, firefox: Firefox } satisfies Record<
  System,
  () => unknown
>

/** An iPad of today says that it is a Mac: it has a touch screen, a Mac has none. */
function systemOf({ userAgent, maxTouchPoints }: Navigator): System {
  if (/android/i.test(userAgent)) return 'android'
  if (/iphone|ipad|ipod/i.test(userAgent)) return 'iphone'
  if (/firefox/i.test(userAgent)) return 'firefox'
  if (/macintosh/i.test(userAgent)) return maxTouchPoints > 1 ? 'iphone' : 'mac'
  return 'windows'
}

mount(<Percaya />)
