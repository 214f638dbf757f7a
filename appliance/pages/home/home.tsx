import 'messages:home'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Office } from '../../base/web/office-view.ts'
import { ask } from '../ui/api.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import './home.css'

/** Where is what on this box. */
function Home() {
  const office = useSignal<Office | null>(null)
  useEffect(() => {
    // The name is a courtesy: without it the links still lead on.
    ask<{ office: Office }>('GET', '/api/session').then(
      (answer) => {
        office.value = answer.office
      },
      () => {},
    )
  }, [])
  const places = [
    { path: '/kiosk', title: t('home.kiosk'), what: t('home.kiosk-what') },
    { path: '/display', title: t('home.display'), what: t('home.display-what') },
    { path: '/desk', title: t('home.desk'), what: t('home.desk-what') },
    { path: '/today', title: t('home.today'), what: t('home.today-what') },
    { path: '/reports', title: t('home.reports'), what: t('home.reports-what') },
    { path: '/admin', title: t('home.admin'), what: t('home.admin-what') },
    { path: '/technician', title: t('home.technician'), what: t('home.technician-what') },
  ]
  return (
    <main class="home">
      <header>
        <Mark />
        <div>
          <h1>{office.value?.name ?? t('home.title')}</h1>
          <p class="quiet">{office.value?.district ? t('ui.district', { name: office.value.district }) : '\u00a0'}</p>
        </div>
      </header>
      <nav>
        {places.map(({ path, title, what }) => (
          <a key={path} href={path}>
            <b>{title}</b>
            <span class="quiet">{what}</span>
          </a>
        ))}
      </nav>
      <a class="quiet" href="/percaya">
        {t('home.percaya')}
      </a>
      <LanguageSwitch keep="remember" />
    </main>
  )
}

mount(<Home />)
