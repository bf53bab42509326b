package identity

import (
	"context"
	"fmt"

	"socia/models"
	"socia/platform/db"
)

// NotifyTx tells an account something, inside the act that it is about. kind is a message key; args fill it.
func NotifyTx(ctx context.Context, tx *db.Tx, account models.AccountID, kind string, args map[string]string, href string) error {
	return NotifyAllTx(ctx, tx, []models.AccountID{account}, kind, args, href)
}

// NotifyAllTx tells many accounts the same thing.
func NotifyAllTx(ctx context.Context, tx *db.Tx, accounts []models.AccountID, kind string, args map[string]string, href string) error {
	told := make([]Notice, len(accounts))
	for i, a := range accounts {
		told[i] = Notice{Account: a, Args: args, Href: href}
	}
	return NotifyEachTx(ctx, tx, kind, told)
}

// Notice is what one of many accounts is told.
type Notice struct {
	Account models.AccountID
	Args    map[string]string
	Href    string
}

// NotifyEachTx tells many accounts something of one kind, to each its own, in few statements.
func NotifyEachTx(_ context.Context, tx *db.Tx, kind string, told []Notice) error {
	rows := make([]models.InboxNotice, len(told))
	for i, n := range told {
		rows[i] = models.InboxNotice{AccountID: n.Account, Kind: kind, Args: n.Args, Href: n.Href, CreatedAt: tx.Now}
		if n.Args == nil {
			rows[i].Args = map[string]string{}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.DB.CreateInBatches(rows, 500).Error; err != nil {
		return fmt.Errorf("store notices %s: %w", kind, err)
	}
	return nil
}

// Inbox lists what the actor was told, the newest first, at most 100.
func (s *Service) Inbox(ctx context.Context, by Actor) (all []models.InboxNotice, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("account_id = ?", by.Account).Order("id DESC").Limit(100).Find(&all).Error
	})
	return all, err
}

// Unread counts what the actor was told and has not read.
func (s *Service) Unread(ctx context.Context, by Actor) (n int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.InboxNotice{}).Where("account_id = ? AND read_at IS NULL", by.Account).Count(&n).Error
	})
	return n, err
}

// ReadAll marks everything that the actor was told up to a notice as read.
func (s *Service) ReadAll(ctx context.Context, by Actor, upTo models.InboxNoticeID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.InboxNotice{}).Where("account_id = ? AND id <= ? AND read_at IS NULL", by.Account, upTo).Update("read_at", tx.Now).Error
	})
}
