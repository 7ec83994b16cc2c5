package transport

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestOptionalReadsAreCounted(t *testing.T) { synctest.Test(t, testOptionalReads) }

func testOptionalReads(t *testing.T) {
	reads := NewOptionalReads(SystemClock{})
	reads.left = 2
	if left := reads.Begin(); left != optionalTime {
		t.Errorf("%v left at first", left)
	}
	time.Sleep(2 * time.Second)
	// At the same time counts once.
	if left := reads.Begin(); left != optionalTime-2*time.Second {
		t.Errorf("%v left after two seconds", left)
	}
	time.Sleep(time.Second)
	reads.End()
	reads.End()
	if left := reads.Begin(); left != optionalTime-3*time.Second {
		t.Errorf("%v left after three seconds", left)
	}
	reads.End()
	first, second, third := reads.spend(), reads.spend(), reads.spend()
	if !first || !second || third {
		t.Error("two requests were left")
	}
	if left := reads.Begin(); left != 0 {
		t.Errorf("%v left without requests", left)
	}
}
