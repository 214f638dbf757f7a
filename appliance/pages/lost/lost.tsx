import 'messages:lost'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import '../phone/phone.css'

/** An address that this box does not have: typed wrongly, or of an older paper. */
mount(
  <main class="phone">
    <div class="alone">
      <Mark />
      <h1>{t('lost.headline')}</h1>
      <p class="quiet">{t('lost.what')}</p>
      <p class="act">
        <a href="/visitor">{t('lost.line')}</a>
        <a href="/">{t('lost.home')}</a>
      </p>
    </div>
  </main>,
)
