import 'messages:guestbook'
import '../ui/base.css'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'

mount(<h1>{t('guestbook.ask')}</h1>)
