//go:build !linux

package main

import "os"

func peak(int, <-chan struct{}) int64 { return 0 }

func maxRSS(*os.ProcessState) int64 { return 0 }
