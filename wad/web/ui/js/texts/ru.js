// wad's own words in Russian: its states, phases and reasons, and what it refuses. en.js has the same keys; a
// test compares them. The words of the page itself are in ru-page.js.

import { texts as messages } from './ru-messages.js';
import { texts as page } from './ru-page.js';

export { failures, messageStates } from './ru-messages.js';

export const texts = { ...page, ...messages };

export const states = {
  idle: 'Не запущено',
  qr: 'Ожидание телефона',
  authenticated: 'Загрузка чатов',
  ready: 'Подключено',
  disconnected: 'Подключение прервано',
  blocked: 'Нужна ваша помощь',
};

export const phases = {
  stopped: 'Не запущено',
  starting: 'Запускаем браузер',
  loading: 'Открываем WhatsApp Web',
  connecting: 'Соединяемся с WhatsApp',
  renewing: 'Получаем новый код',
  stopping: 'Закрываем браузер',
  resetting: 'Удаляем сессию',
  logging_out: 'Выходим из WhatsApp',
  waiting_for_scan: 'Показываем QR-код',
  pairing: 'Запрашиваем код у WhatsApp',
  waiting_for_entry: 'Показываем код для ввода',
  confirming: 'Телефон получил код, ждём WhatsApp',
  syncing: 'Загружаем чаты',
  linked: 'Подключено, всё работает',
  reconnecting: 'Восстанавливаем соединение с WhatsApp',
  recovering: 'Пауза перед новой попыткой',
  forgetting: 'Удаляем завершённую сессию',
  restarting: 'Запускаем снова',
  held_up: 'Ждём вашей помощи',
  reset_pending: 'Ждём, когда можно будет удалить сессию',
  probing: 'Проверяем, заработало ли',
};

export const reasons = {
  stopped: { sentence: 'остановлено по запросу', action: 'Запустите снова, чтобы подключиться.' },
  qr_expired: {
    sentence: 'QR-код долго был на экране, но его никто не отсканировал',
    action: 'Запросите новый код.',
  },
  pairing_refused: {
    sentence: 'WhatsApp не выдал код для этого номера',
    action: 'Проверьте номер и код страны или отсканируйте QR-код.',
  },
  pairing_rate_limited: {
    sentence: 'WhatsApp пока больше не выдаёт кодов для ввода',
    action: 'Запросите следующий код не раньше чем через час или отсканируйте QR-код.',
  },
  pairing_not_allowed: {
    sentence: 'WhatsApp не разрешает подключить этот аккаунт кодом для ввода',
    action: 'Отсканируйте QR-код.',
  },
  pairing_failed: {
    sentence: 'подключить телефон кодом для ввода не удалось',
    action: 'Запросите другой код через минуту или отсканируйте QR-код.',
  },
  browser_crashed: {
    sentence: 'браузер аварийно завершился',
    action: 'Ничего делать не нужно: wad запустит его снова. Если это повторяется, посмотрите журнал.',
  },
  browser_hung: {
    sentence: 'браузер перестал отвечать',
    action: 'Ничего делать не нужно: wad его заменит. Если это повторяется, проверьте память и нагрузку.',
  },
  page_crashed: {
    sentence: 'страница в браузере аварийно закрылась',
    action: 'Ничего делать не нужно: wad откроет её снова.',
  },
  load_timeout: {
    sentence: 'WhatsApp Web не загрузился вовремя',
    action: 'Проверьте, не слишком ли медленное соединение.',
  },
  code_timeout: {
    sentence: 'WhatsApp Web загрузился, но не показал код вовремя',
    action: 'Ничего делать не нужно: wad откроет страницу снова.',
  },
  network_unreachable: {
    sentence: 'серверы WhatsApp недоступны',
    action: 'Проверьте сеть и DNS на компьютере, где работает wad.',
  },
  service_unavailable: {
    sentence: 'WhatsApp сообщает, что сервис временно недоступен',
    action: 'Подождите: wad попробует снова.',
  },
  logged_out: {
    sentence: 'телефон или WhatsApp отключил это устройство',
    action: 'Дождитесь нового кода и отсканируйте его.',
  },
  history_sync_timeout: {
    sentence: 'телефон не передал историю, и WhatsApp отключил это устройство',
    action: 'Не закрывайте WhatsApp на телефоне, дождитесь нового кода и отсканируйте его.',
  },
  sync_failed: {
    sentence: 'данные аккаунта не удалось синхронизировать, и WhatsApp отключил это устройство',
    action: 'Дождитесь нового кода и отсканируйте его.',
  },
  identity_changed: {
    sentence: 'WhatsApp на телефоне настроили заново, и это устройство отключилось',
    action: 'Дождитесь нового кода и отсканируйте его.',
  },
  account_locked: {
    sentence: 'WhatsApp заблокировал аккаунт и отключил это устройство',
    action: 'Прочитайте уведомление на телефоне, дождитесь нового кода и отсканируйте его.',
  },
  replaced: {
    sentence: 'WhatsApp Web с этой сессией открыли в другом месте',
    action: 'Ничего делать не нужно: wad вернёт сессию себе.',
  },
  ready_timeout: {
    sentence: 'телефон подключён, но чаты не загрузились вовремя',
    action: 'Откройте WhatsApp на телефоне и проверьте его сеть. Сессия сохранена.',
  },
  too_many_open_files: {
    sentence: 'wad исчерпал лимит открытых файлов',
    action:
      'Если это случилось один раз, ничего делать не нужно: wad попробует снова. Если повторяется, увеличьте LimitNOFILE= (systemctl edit wad).',
  },
  internal_error: {
    sentence: 'в wad произошла внутренняя ошибка',
    action: 'Сообщите о ней разработчикам и приложите журнал за это время.',
  },
  daemon_unavailable: {
    sentence: 'wad не запущен или не отвечает',
    action: 'Посмотрите, что скажет systemctl status wad.',
  },
  browser_missing: {
    sentence: 'Chromium не найден',
    action: 'Установите его (apt install chromium) и дайте команду start.',
  },
  sandbox_forbidden: {
    sentence: 'собственная песочница браузера здесь запрещена',
    action: 'Разрешите её (как — скажет wadctl doctor, для контейнера — docs/containers.md) и дайте команду start.',
  },
  profile_locked: {
    sentence: 'профиль браузера занят другим процессом',
    action: 'Завершите этот процесс; wad сам проверит ещё раз.',
  },
  storage_full: {
    sentence: 'не удаётся записать данные в профиль браузера',
    action: 'Освободите место на диске или исправьте права на папку; wad сам проверит ещё раз.',
  },
  hosts_blocked: {
    sentence: 'доступ к серверам WhatsApp заблокирован (файрвол, прокси, фильтр)',
    action: 'Разрешите web.whatsapp.com, *.whatsapp.net и *.whatsapp.com в файрволе, прокси или фильтре.',
  },
  temporarily_banned: {
    sentence: 'WhatsApp временно заблокировал этот аккаунт',
    action: 'Прочитайте уведомление на телефоне.',
  },
  terms_of_service: {
    sentence: 'WhatsApp просит принять условия использования',
    action: 'Примите их на телефоне.',
  },
  update_required: {
    sentence: 'WhatsApp требует более новой версии своей страницы',
    action: 'Обновите Chromium и wad.',
  },
  unsupported_browser: {
    sentence: 'WhatsApp не поддерживает этот браузер',
    action: 'Обновите Chromium и не меняйте его user agent.',
  },
  page_changed: {
    sentence: 'WhatsApp Web изменился, и эта версия wad с ним не работает',
    action: 'Обновите wad.',
  },
};

export const actions = {
  stopped: 'Нажмите «Запустить», чтобы подключиться снова. Сессия сохранена.',
  qr_expired: 'Нажмите «Показать новый код», когда телефон будет под рукой.',
  browser_missing: 'Установите его (apt install chromium) и нажмите «Повторить попытку».',
  sandbox_forbidden:
    'Разрешите её (как — скажет wadctl doctor, для контейнера — docs/containers.md) и нажмите «Повторить попытку».',
};

export const retries = {
  never: 'wad ждёт вашего решения.',
  at_once: 'wad сам получает новый код.',
  backoff: 'wad сам пробует снова, делая всё более длинные паузы.',
  when_free: 'wad проверяет каждые несколько секунд, не заработало ли.',
  at_its_end: 'wad повторит попытку, когда это время наступит.',
  slowly: 'wad проверяет каждые несколько минут, не заработало ли.',
  now: 'wad пробует снова прямо сейчас.',
};

export const errors = {
  timeout: 'wad не ответил вовремя. Попробуйте ещё раз.',
  unreachable: 'Сейчас wad недоступен. Попробуйте ещё раз чуть позже.',
  too_many: 'Слишком много запросов. Подождите минуту.',
  unauthorized: 'Для этого нужен токен доступа.',
  invalid_phone:
    'Это не похоже на номер с кодом страны. В номере должно быть от 7 до 15 цифр, например +7\u00a0999\u00a0123\u201145\u201167.',
  already_linked: 'Телефон уже подключён. Чтобы подключить другой, сначала нажмите «Выйти…».',
  origin_refused: 'Этой странице нельзя отправлять команды: её адреса нет в allowed_origins.',
  not_accepted: 'Сейчас wad не может это выполнить. Попробуйте чуть позже.',
  internal_error: 'В wad произошла внутренняя ошибка; подробности в журнале.',
  insufficient_storage: 'На компьютере с wad закончилось место на диске: ничего не принято.',
  invalid_message: 'wad не принимает сообщение в таком виде.',
  store_busy: 'Сейчас wad не может это выполнить. Попробуйте чуть позже.',
  store_slow: 'Диск компьютера с wad не отвечает. Попробуйте чуть позже.',
  store_closed: 'wad как раз завершает работу. Попробуйте чуть позже.',
  store_failed: 'wad не удаётся прочитать или записать сообщения; подробности в журнале.',
  body_too_large: 'Это больше, чем принимает wad или прокси перед ним.',
  chat_not_found: 'WhatsApp Web не знает этого чата или этой его части.',
  not_ready: 'WhatsApp сейчас не подключён. Попробуйте снова, когда он подключится.',
  idempotency_conflict: 'Под тем же ключом уже принято другое сообщение. Отправьте его ещё раз.',
  other: 'Не получилось. Попробуйте ещё раз.',
};
