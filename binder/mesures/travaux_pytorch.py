import torch, math, zipfile, sys
from typing import List, Optional
import torch.nn.functional as F
T=torch.Tensor
class Attention(torch.nn.Module):
    def forward(self, q: T, k: T, v: T) -> List[T]:
        w = torch.softmax(torch.matmul(q, k.transpose(-2, -1)) * (1.0 / math.sqrt(q.size(-1))), -1)
        return [torch.matmul(w, v), w]
class MaskedAttention(torch.nn.Module):
    def forward(self, q: T, k: T, v: T, hidden: T) -> List[T]:
        s = torch.matmul(q, k.transpose(-2, -1)) * (1.0 / math.sqrt(q.size(-1)))
        w = torch.softmax(s.masked_fill(hidden, -1e30), -1)
        return [torch.matmul(w, v), w]
class FusedAttention(torch.nn.Module):
    def forward(self, q: T, k: T, v: T) -> List[T]:
        return [F.scaled_dot_product_attention(q, k, v)]
def heads(x: T, h: int) -> T:
    return x.view(x.size(0), x.size(1), h, x.size(2) // h).transpose(1, 2)
def mha(x: T, p: List[T], h: int) -> List[T]:
    q = heads(torch.addmm(p[1], x.view(-1, x.size(2)), p[0]).view_as(x), h)
    k = heads(torch.addmm(p[3], x.view(-1, x.size(2)), p[2]).view_as(x), h)
    v = heads(torch.addmm(p[5], x.view(-1, x.size(2)), p[4]).view_as(x), h)
    w = torch.softmax(torch.matmul(q, k.transpose(-2, -1)) * (1.0 / math.sqrt(q.size(-1))), -1)
    y = torch.matmul(w, v).transpose(1, 2).reshape(x.size(0), x.size(1), x.size(2))
    return [torch.addmm(p[7], y.view(-1, x.size(2)), p[6]).view_as(x), w]
def block(x: T, p: List[T], h: int) -> T:
    a = F.layer_norm(x + mha(x, p, h)[0], [x.size(2)], p[8], p[9], 1e-6)
    f = torch.matmul(torch.relu(torch.matmul(a, p[10]) + p[11]), p[12]) + p[13]
    return F.layer_norm(a + f, [x.size(2)], p[14], p[15], 1e-6)
class MultiHead(torch.nn.Module):
    def forward(self, x: T, heads: T, p: List[T]) -> List[T]:
        return mha(x, p, int(heads.item()))
class Encoder(torch.nn.Module):
    def forward(self, x: T, upstream: T, heads: T, p: List[T]) -> List[T]:
        y = block(x, p, int(heads.item()))
        up: List[Optional[T]] = [upstream]
        g = torch.autograd.grad([y], [x] + p, up)
        out = [y]
        for a in g:
            if a is not None:
                out.append(a)
        return out
class Lstm(torch.nn.Module):
    def forward(self, x: T, upstream: T, p: List[T]) -> List[T]:
        h = torch.zeros([1, x.size(0), p[1].size(1)])
        y = torch.lstm(x, [h, h], p, True, 1, 0.0, True, False, True)[0]
        up: List[Optional[T]] = [upstream]
        g = torch.autograd.grad([y], [x] + p, up)
        out = [y]
        for a in g:
            if a is not None:
                out.append(a)
        return out
def logits(ids: T, positions: T, dropout: float, e: T, p: List[T]) -> T:
    x = F.embedding(ids, e) * math.sqrt(e.size(1)) + positions[:ids.size(1)]
    y = F.dropout(block(x, p, 4).mean(1), dropout, True)
    return torch.matmul(y, p[16]) + p[17]
def sparse_logits(ids: T, positions: T, dropout: float, e: T, p: List[T]) -> T:
    x = F.embedding(ids, e, sparse=True) * math.sqrt(e.size(1)) + positions[:ids.size(1)]
    y = F.dropout(block(x, p, 4).mean(1), dropout, True)
    return torch.matmul(y, p[16]) + p[17]
class Step(torch.nn.Module):
    def forward(self, ids: T, labels: T, positions: T, dropout: T, p: List[T], m: List[T], v: List[T], t: List[T]) -> T:
        loss = F.binary_cross_entropy_with_logits(logits(ids, positions, float(dropout.item()), p[0], p[1:]).view(-1), labels)
        g: List[T] = []
        for a in torch.autograd.grad([loss], p):
            if a is not None:
                g.append(a)
        torch._foreach_add_(t, 1)
        torch._fused_adam_([q.detach() for q in p], g, m, v, [], t, lr=0.001, beta1=0.9, beta2=0.999, weight_decay=0., eps=1e-7, amsgrad=False, maximize=False)
        return loss
class LazyStep(torch.nn.Module):
    def forward(self, ids: T, labels: T, positions: T, dropout: T, p: List[T], m: List[T], v: List[T], t: List[T]) -> T:
        loss = F.binary_cross_entropy_with_logits(sparse_logits(ids, positions, float(dropout.item()), p[0], p[1:]).view(-1), labels)
        g: List[T] = []
        for a in torch.autograd.grad([loss], p):
            if a is not None:
                g.append(a)
        torch._foreach_add_(t, 1)
        torch._fused_adam_([q.detach() for q in p[1:]], g[1:], m[1:], v[1:], [], t[1:], lr=0.001, beta1=0.9, beta2=0.999, weight_decay=0., eps=1e-7, amsgrad=False, maximize=False)
        s = g[0].coalesce()
        rows = s.indices()[0]
        r = s.values()
        n = float(t[0].item())
        m1 = m[0].index_select(0, rows).lerp_(r, 0.1)
        v1 = v[0].index_select(0, rows).mul_(0.999).addcmul_(r, r, value=0.001)
        m[0].index_copy_(0, rows, m1)
        v[0].index_copy_(0, rows, v1)
        rate = 0.001 * math.sqrt(1.0 - 0.999 ** n) / (1.0 - 0.9 ** n)
        p[0].detach().index_add_(0, rows, m1.div_(v1.sqrt_().add_(1e-7)), alpha=-rate)
        return loss
for c in [Attention, MaskedAttention, FusedAttention, MultiHead, Encoder, Lstm, Step, LazyStep]:
    m=torch.jit.script(c()); m.save(c.__name__+'.pt')
    z=zipfile.ZipFile(c.__name__+'.pt')
    print(c.__name__, [n for n in z.namelist() if 'debug' not in n])
    open(c.__name__+'.ts','w').write('\n'.join(z.read(n).decode() for n in z.namelist() if n.endswith('.py')))
def go(step):
    torch.manual_seed(0)
    d=128; E=10000
    p=[torch.rand(E,d)*.1-.05]+[a for _ in range(4) for a in (torch.randn(d,d)*.08,torch.zeros(d))]+[torch.ones(d),torch.zeros(d),torch.randn(d,512)*.06,torch.zeros(512),torch.randn(512,d)*.06,torch.zeros(d),torch.ones(d),torch.zeros(d),torch.randn(d,1)*.1,torch.zeros(1)]
    print(sum(q.numel() for q in p))
    p=[q.requires_grad_() for q in p]; z=lambda:[torch.zeros_like(q).detach() for q in p]
    m,v,t=z(),z(),[torch.zeros(()) for _ in p]
    ids=torch.randint(2,E,(32,50)); lab=(torch.arange(32)%2).float(); pos=torch.zeros(50,d)
    s=torch.jit.script(step())
    import time
    for i in range(5): print(float(s(ids,lab,pos,torch.tensor(0.),p,m,v,t)))
    b=[]
    for i in range(30):
        a=time.time(); s(ids,lab,pos,torch.tensor(.1),p,m,v,t); b.append(time.time()-a)
    b.sort(); print('ms',b[0]*1e3,b[15]*1e3)
torch.set_num_threads(2)
go(Step); go(LazyStep)
