'use strict';
// Chats and the people in them.

__d('WAWebContactModel', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = require('WAWebBaseModel');

  class Contact extends BaseModel {
    get formattedName() {
      return this.name ?? this.pushname ?? (this.id?.isRegularUserPn() ? `+${this.id.user}` : '');
    }

    get displayName() {
      return this.formattedName;
    }

    // Of somebody known by LID, where it is known.
    get phoneNumber() {
      return this.id.isLid() ? require('StandinLids').toPn(this.id) : undefined;
    }
  }
  Contact.prototype.proxyName = 'contact';
  exports.Contact = Contact;
});

__d('WAWebContactCollection', ['WAWebBaseCollection', 'WAWebContactModel', 'WAWebWidFactory'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const { Contact } = require('WAWebContactModel');
  const { createWid } = require('WAWebWidFactory');

  class ContactCollection extends BaseCollection {
    async find(id) {
      const made = { id: createWid(id), name: undefined, pushname: undefined, type: 'in', isMyContact: false };
      return this.get(id) ?? this.add(new Contact(made))[0];
    }
  }
  exports.ContactCollectionImpl = ContactCollection;
  exports.ContactCollection = new ContactCollection();
});

__d('WAWebChatModel', ['WAWebBaseCollection', 'WAWebBaseModel', 'WAWebContactCollection', 'WAWebGroupMetadataCollection', 'StandinRows'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const BaseModel = require('WAWebBaseModel');
  const { ContactCollection } = require('WAWebContactCollection');
  const groups = require('WAWebGroupMetadataCollection');
  const rows = require('StandinRows');
  const KEPT = ['t', 'unreadCount', 'archive', 'pin'];

  class Chat extends BaseModel {
    // No attribute: what is in a chat is not part of what it is.
    msgs = new BaseCollection();

    get contact() {
      return ContactCollection.get(this.id);
    }

    get groupMetadata() {
      return groups.get(this.id);
    }

    get presence() {
      return require('WAWebPresenceCollection').PresenceCollection.of(this.id);
    }

    get hasUnread() {
      return this.unreadCount !== 0;
    }

    get isUser() {
      return this.id.isUser();
    }

    // Whether the account may not write: it is out of the group, or its admins alone may.
    get isReadOnly() {
      const { participants, announce } = this.groupMetadata ?? {};
      return Boolean(participants) && (!participants.iAmMember() || (announce && !participants.iAmAdmin()));
    }

    get formattedTitle() {
      return this.groupMetadata?.subject ?? this.contact?.formattedName ?? '';
    }

    async keep() {
      const kept = Object.fromEntries(KEPT.map((name) => [name, this[name]]));
      const { pushname, name } = this.contact;
      const lastReceivedKey = this.lastReceivedKey && String(this.lastReceivedKey);
      await rows.keepChat({ ...kept, id: String(this.id), lastReceivedKey, pushname, name });
    }

    serialize() {
      const { formattedTitle, isReadOnly, msgs } = this;
      return { ...super.serialize(), formattedTitle, isReadOnly, msgs: msgs.toJSON() };
    }
  }
  Chat.prototype.proxyName = 'chat';
  exports.Chat = Chat;
});

__d('WAWebChatCollection', ['WAWebBaseCollection', 'WAWebChatModel', 'WAWebContactCollection', 'WAWebWidFactory', 'WAWebMsgKey'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const { Chat } = require('WAWebChatModel');
  const { ContactCollection } = require('WAWebContactCollection');
  const { createWid } = require('WAWebWidFactory');
  const MsgKey = require('WAWebMsgKey');

  class ChatCollection extends BaseCollection {
    async restore({ id, lastReceivedKey, pushname, name, ...values }) {
      const chat = await this.make(createWid(id));
      chat.contact.set({ pushname, name });
      chat.set({ ...values, lastReceivedKey: lastReceivedKey ? MsgKey.from(lastReceivedKey) : undefined });
    }

    async make(id) {
      await ContactCollection.find(id);
      const values = { id, t: undefined, unreadCount: 0, archive: false, pin: 0, lastReceivedKey: undefined };
      return this.add(new Chat({ ...values, mute: { expiration: 0 } }))[0];
    }
  }
  exports.ChatCollectionImpl = ChatCollection;
  exports.ChatCollection = new ChatCollection();
});

__d('WAWebFindChatAction', ['WAWebChatCollection', 'WAWebWidFactory', 'StandinLids'], (require, exports) => {
  const { ChatCollection } = require('WAWebChatCollection');
  const { createWid } = require('WAWebWidFactory');
  const lids = require('StandinLids');

  exports.findExistingChat = async (wid) => ChatCollection.get(lids.address(createWid(wid)));
  exports.findOrCreateLatestChat = async (wid) => {
    const id = lids.address(createWid(wid));
    const chat = ChatCollection.get(id);
    return { chat: chat ?? (await ChatCollection.make(id)), created: !chat };
  };
});

__d('WAWebUpdateUnreadChatAction', ['WAWebStreamModel'], (require, exports) => {
  const { Stream } = require('WAWebStreamModel');

  // A chat that was marked by hand has -1 unread messages (read in a peer).
  exports.markUnread = async (chat, markedUnread) => {
    chat.set({ markedUnread, unreadCount: markedUnread ? -1 : 0 });
    await chat.keep();
  };
  // The form with the chat itself as argument ends in a TypeError, as it does in the real page (measured).
  exports.sendSeen = async ({ chat }) => {
    if (chat.markedUnread) chat.set({ markedUnread: false });
    if (Stream.available) require('StandinChat').send({ type: 'seen', chat: String(chat.id) });
    chat.set({ unreadCount: 0 });
    await chat.keep();
    if (require('StandinInbox').seenHangs()) await new Promise(() => {});
  };
});
