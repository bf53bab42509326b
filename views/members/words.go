package members

func (p MemberPage) leaveText() string {
	if p.Own {
		return p.Frame.T.T("members.leave.own_text")
	}
	return p.Frame.T.T("members.leave.other_text")
}

func (p MemberPage) leaveLabel() string {
	if p.Own {
		return p.Frame.T.T("members.leave.own")
	}
	return p.Frame.T.T("members.leave.other")
}
