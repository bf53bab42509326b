package methods_test

import (
	"testing"

	"socia/core/methods"
	"socia/core/rules"
)

func TestDecides_WhatHasAMajorityOfItsOwn_OnlyAMotionDecides(t *testing.T) {
	for _, m := range methods.All() {
		for _, c := range []struct {
			kind rules.DecisionKind
			want bool
		}{
			{rules.DecisionOrdinary, m.Name != methods.Sortition},
			{rules.DecisionStatutes, m.Name == methods.Motion},
			{rules.DecisionMerger, m.Name == methods.Motion},
			{rules.DecisionCapital, m.Name == methods.Motion},
			{"", false},
			{"another", false},
		} {
			if got := m.Decides(c.kind); got != c.want {
				t.Errorf("%s decides %q: %v, want %v", m.Name, c.kind, got, c.want)
			}
		}
	}
}

func TestDecides_EveryKindHasAWay(t *testing.T) {
	motion, _ := methods.ByName(methods.Motion)
	for _, kind := range rules.DecisionKinds() {
		if !motion.Decides(kind) {
			t.Errorf("no motion decides %q", kind)
		}
	}
}
