"""Tests: unit/ mirrors the rooms, scenario/ tells stories over the running system, browser/ looks at pages."""
