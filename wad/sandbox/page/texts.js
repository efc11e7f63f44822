'use strict';
// Every text of the page, by language: whoever recognises the page by its words is caught.

__d('StandinTexts', [], (require, exports) => {
  const TEXTS = {
    en: {
      qr_label: 'Scan this QR code to link a device!', qr_title: 'Steps to log in', reload: 'Click to reload QR code',
      retry: 'Retry now', loading: 'Loading your chats', logging_out: 'Logging out', use_here: 'Use here',
      another_session: 'WhatsApp is open in another window.', temp_ban: 'Your account is temporarily banned.',
      service_unavailable: 'Service unavailable', update: 'Update WhatsApp', new_code: 'Get a new code', blocked: 'WhatsApp cannot be used here.',
      storage_error: 'WhatsApp cannot open its storage.', chats: 'Chats',
      code_title: 'Enter code on phone', code_expired: 'Code expired',
    },
    ru: {
      qr_label: 'Отсканируйте этот QR-код, чтобы связать устройство!', qr_title: 'Как войти',
      reload: 'Нажмите, чтобы обновить QR-код', retry: 'Повторить', loading: 'Загрузка чатов',
      logging_out: 'Выход', use_here: 'Использовать здесь', another_session: 'WhatsApp открыт в другом окне.',
      temp_ban: 'Ваш аккаунт временно заблокирован.', service_unavailable: 'Сервис недоступен',
      update: 'Обновите WhatsApp', new_code: 'Получить новый код', blocked: 'WhatsApp здесь недоступен.',
      storage_error: 'WhatsApp не может открыть хранилище.', chats: 'Чаты',
      code_title: 'Введите код на телефоне', code_expired: 'Срок действия кода истёк',
    },
    de: {
      qr_label: 'Scanne diesen QR-Code, um ein Gerät zu verknüpfen!', qr_title: 'So meldest du dich an',
      reload: 'QR-Code neu laden', retry: 'Erneut versuchen', loading: 'Deine Chats werden geladen',
      logging_out: 'Abmelden', use_here: 'Hier verwenden', another_session: 'WhatsApp ist in einem anderen Fenster offen.',
      temp_ban: 'Dein Konto ist vorübergehend gesperrt.', service_unavailable: 'Dienst nicht verfügbar',
      update: 'WhatsApp aktualisieren', new_code: 'Neuen Code anfordern', blocked: 'WhatsApp kann hier nicht verwendet werden.',
      storage_error: 'WhatsApp kann seinen Speicher nicht öffnen.', chats: 'Chats',
      code_title: 'Code auf dem Telefon eingeben', code_expired: 'Code abgelaufen',
    },
    es: {
      qr_label: '¡Escanea este código QR para vincular un dispositivo!', qr_title: 'Pasos para iniciar sesión',
      reload: 'Haz clic para recargar el código', retry: 'Reintentar', loading: 'Cargando tus chats',
      logging_out: 'Cerrando sesión', use_here: 'Usar aquí', another_session: 'WhatsApp está abierto en otra ventana.',
      temp_ban: 'Tu cuenta está bloqueada temporalmente.', service_unavailable: 'Servicio no disponible',
      update: 'Actualiza WhatsApp', new_code: 'Obtener un código nuevo', blocked: 'WhatsApp no se puede usar aquí.',
      storage_error: 'WhatsApp no puede abrir su almacenamiento.', chats: 'Chats',
      code_title: 'Introduce el código en el teléfono', code_expired: 'El código ha caducado',
    },
  };
  exports.text = (name) => TEXTS[window.__standin.config.language][name];
});
